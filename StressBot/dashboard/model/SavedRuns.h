#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace stressbot {

/// What a folder holds that is of interest when a saved run is looked for.
struct SavedRuns {
  std::filesystem::path folder;
  std::vector<std::filesystem::path> folders;  ///< within it, by name
  std::vector<std::filesystem::path> runs;     ///< JSON reports of runs, the newest first
};

/// Looks at some hundred files at most, the newest ones. Takes milliseconds. A folder that cannot
/// be read is an empty one.
SavedRuns FindSavedRuns(const std::filesystem::path& folder);

}  // namespace stressbot
