#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/report/RunReader.h"

/// A run as a process of its own, for commands that make many of them. Each has memory and ports
/// that no run before it used, its numbers about the generator are those of a single run, and one
/// that hangs or crashes ends alone.
namespace stressbot {

struct ChildRunEnd {
  std::unique_ptr<RecordedRun> run;  ///< null when nothing was started, or it crashed
  /// Of the run. A crash is kInternalError, with a sentence.
  Verdict verdict;
  std::vector<std::string> last_lines;  ///< that it said
  std::chrono::nanoseconds duration{};
  bool interrupted = false;  ///< somebody pressed Ctrl-C meanwhile; it was asked to end
};

/// Runs `stressbot run` with these words and waits for its end; its JSON report is `json_file`.
/// Calls `look` some ten times a second. Ctrl-C, also one that came before, asks it to end; a
/// further one kills it.
/// Thread: the main one.
ChildRunEnd RunAsChild(std::vector<std::string> words, const std::filesystem::path& json_file,
                       servercore::StopSignals& signals,
                       const std::function<void(std::chrono::nanoseconds so_far)>& look);

/// The words of the command line (the command first) for a child: without these options and their
/// values, without the command.
struct OptionName {
  std::string_view name;
  bool has_value = true;
};
std::vector<std::string> WordsWithout(const std::vector<std::string>& words,
                                      const std::vector<OptionName>& left_out);

/// A folder for the reports of children, gone when this is.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  /// Empty when none could be made; `error` says why.
  const std::filesystem::path& path() const { return path_; }
  const std::string& error() const { return error_; }

 private:
  std::filesystem::path path_;
  std::string error_;
};

}  // namespace stressbot
