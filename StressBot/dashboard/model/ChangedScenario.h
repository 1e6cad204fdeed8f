#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "StressBot/dashboard/model/RunSettings.h"

namespace stressbot {

/// The scenario's text with what was changed written into it; comments and order stay. It means
/// the same wherever `new_file` is: what it names by a relative path is named from there. A
/// name becomes that of the file. Which server is started and the seed are options of a run, which
/// no scenario file has. Nothing, with a sentence in `error`, when the result would not be a
/// scenario that runs so.
std::optional<std::string> ChangedScenario(const RunSettings& settings,
                                           const std::filesystem::path& new_file,
                                           std::string& error);

enum class SaveResult { kSaved, kExists, kFailed };

/// Writes it. A file that is there already is left alone, and told, unless `replaces`.
/// kFailed: with a sentence in `error`.
SaveResult SaveChangedScenario(const RunSettings& settings, const std::filesystem::path& new_file,
                               bool replaces, std::string& error);

}  // namespace stressbot
