#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/control/ControlCommand.h"
#include "StressBot/control/RunStatus.h"
#include "StressBot/dashboard/model/RunView.h"

namespace stressbot {

/// The run that the window shows: one that goes on, on a thread of its own, one that is over, or
/// one of a file. Thread: the window's. Nothing here waits for the run, but Close.
class RunHost {
 public:
  /// `wake` is called from any thread when there is something new.
  explicit RunHost(std::function<void()> wake);
  RunHost(const RunHost&) = delete;
  RunHost& operator=(const RunHost&) = delete;
  ~RunHost();  ///< as Close

  enum class State : std::uint8_t {
    kNone,       ///< nothing was started or opened yet
    kPreparing,  ///< the scenario is checked, the server started
    kRunning,    ///< until everything has ended; status() tells more
    kOver,       ///< it ended, or comes from a file
    kRefused     ///< it was not started: complaints() tells why
  };
  State state() const;

  /// What was shown before is gone, and closed first.
  void Start(Options options);
  /// Shows a run that was saved as JSON report. False, and a sentence in `error`, when it cannot be
  /// read; then what was shown stays.
  bool Open(const std::filesystem::path& file, std::string& error);
  bool is_going_on() const;

  /// Steers it, as the control interface does. A stop while it is being prepared gives it up.
  ControlAnswer Do(const ControlCommand& command);
  /// As Ctrl-C in a terminal: bots get 3 s to leave in order, and when it comes once more, none.
  void Interrupt();
  /// Of the names of charts: at once for a run that is over, else with its next interval.
  void SetLanguage(Language language);
  /// Ends what goes on and waits for it, some seconds at most. False when something hangs (bots of
  /// this run or of an earlier one, a look-up of a name): what that still uses must live as long as
  /// the process, so end it without unwinding.
  bool Close();

  /// Of the run that goes on or went on; nothing for one of a file.
  std::optional<RunStatus> status() const;
  /// The newest; null before the first interval of a run.
  std::shared_ptr<const RunView> view() const;
  /// What the server of --server wrote so far, the last lines of it, and how often that changed.
  std::vector<ServerLine> server_lines() const;
  std::uint64_t server_lines_version() const;
  /// Warnings, or why it was refused: line by line, with the place in the file.
  std::vector<std::string> complaints() const;
  /// Of the run that was started last; empty for one of a file.
  std::string scenario_file() const;

  /// Writes a report of the run that is over. False, and a sentence in `error`, when it cannot.
  bool Save(const ReportFormat& format, const std::filesystem::path& file,
            std::string& error) const;

 private:
  struct Shown;
  void Drop();

  const std::function<void()> wake_;
  std::atomic<Language> language_{Language::kEnglish};
  std::unique_ptr<Shown> shown_;
  bool has_left_something_ = false;
};

}  // namespace stressbot
