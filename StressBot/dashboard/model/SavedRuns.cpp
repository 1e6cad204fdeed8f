#include "StressBot/dashboard/model/SavedRuns.h"

#include <algorithm>
#include <functional>
#include <system_error>
#include <utility>

#include "StressBot/dashboard/model/ListedScenario.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFoldersMax = 200, kFilesMax = 300, kRunsMax = 50;

}  // namespace

SavedRuns FindSavedRuns(const fs::path& folder) {
  SavedRuns found{.folder = folder, .folders = {}, .runs = {}};
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code unknown;
    const std::string name = Utf8Of(entry->path().filename());
    if (entry->is_directory(unknown)) {
      const bool is_hidden = name.starts_with(".");
      if (!is_hidden && found.folders.size() < kFoldersMax) found.folders.push_back(entry->path());
    } else if (name.ends_with(".json")) {
      const auto changed = entry->last_write_time(unknown);
      if (!unknown) files.emplace_back(changed, entry->path());
    }
  }
  std::ranges::sort(found.folders);
  std::ranges::sort(files, std::greater());
  files.resize(std::min(files.size(), kFilesMax));
  for (const auto& [changed, file] : files) {
    if (found.runs.size() < kRunsMax && IsSavedRun(file)) found.runs.push_back(file);
  }
  return found;
}

}  // namespace stressbot
