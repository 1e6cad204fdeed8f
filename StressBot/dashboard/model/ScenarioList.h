#pragma once
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "StressBot/dashboard/model/ListedScenario.h"

namespace stressbot {

/// When files were changed last, and how large they are.
struct FileStamp {
  std::filesystem::file_time_type changed;
  std::uintmax_t bytes = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
using FileStamps = std::map<std::filesystem::path, FileStamp>;

/// All scenarios of a folder at a moment. Immutable.
struct ScenarioListing {
  std::filesystem::path folder;
  bool is_folder = false;  ///< otherwise there is no such folder, or it may not be read
  /// By section, then by file: first a named one from elsewhere, then the folder's own.
  std::vector<std::shared_ptr<const ListedScenario>> scenarios;
  std::shared_ptr<const ListedScenario> named;  ///< one of them; null unless a file was named
  FileStamps stamps;

  const ListedScenario* Find(const std::filesystem::path& file) const;
};

/// Where scenarios are looked for: `asked_for` if not empty; else "scenarios" in `here` (empty: the
/// current folder); else beside the program `program_file`; else where packages put them. Without
/// any of these: the one in `here`, which is not there.
std::filesystem::path FindScenarioFolder(const std::filesystem::path& asked_for,
                                         const std::filesystem::path& here,
                                         const std::filesystem::path& program_file);

/// What may change the listing: JSON files, and what they read (data, protobuf), in the folder and
/// in the folders within it.
FileStamps StampsOf(const std::filesystem::path& folder, const std::filesystem::path& named_file);

/// Reads `folder` and the folders within it; `named_file` too, wherever it is, unless empty: it is
/// in the listing even if it is no scenario or does not exist, with a mistake that tells so.
/// What did not change since `before` (may be null) is not read again; when a file changed that is
/// no scenario, all are.
std::shared_ptr<const ScenarioListing> ReadListing(const std::filesystem::path& folder,
                                                   const std::filesystem::path& named_file,
                                                   const ScenarioListing* before);

/// A scenario as it would run with what was changed.
struct PlannedRun {
  std::shared_ptr<const ListedScenario> of;  ///< as the file has it
  std::vector<std::string> words;            ///< what `stressbot` is told, see WordsOf
  ListedScenario scenario;                   ///< has mistakes when a run would be refused
};

/// Keeps a listing up to date, on a thread of its own: a scenario takes milliseconds to read, more
/// than a frame has. Thread: any.
class ScenarioList {
 public:
  /// `wake` is called from any thread when the listing is another.
  ScenarioList(std::filesystem::path folder, std::filesystem::path named_file,
               std::function<void()> wake);
  ScenarioList(const ScenarioList&) = delete;
  ScenarioList& operator=(const ScenarioList&) = delete;
  ~ScenarioList();

  /// Null until the folder has been read for the first time.
  std::shared_ptr<const ScenarioListing> listing() const;
  /// Reads everything again, whether it changed or not.
  void LookAgain();
  /// Looks once a second whether files changed; not while a run needs the machine.
  void set_watching(bool is_watching);

  /// Reads a scenario as these words change it. REQUIRES that they can be understood.
  void Plan(std::shared_ptr<const ListedScenario> of, std::vector<std::string> words);
  /// The one that was asked for last, or one before it while that is being read; null at first.
  std::shared_ptr<const PlannedRun> plan() const;

 private:
  void Work();
  void ReadPlan(PlannedRun plan);

  const std::filesystem::path folder_, named_file_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const ScenarioListing> listing_;
  std::optional<PlannedRun> wanted_plan_;
  std::shared_ptr<const PlannedRun> plan_;
  bool is_asked_ = false, is_watching_ = true, is_ending_ = false;
  std::thread thread_;  // last: it uses all of these
};

}  // namespace stressbot
