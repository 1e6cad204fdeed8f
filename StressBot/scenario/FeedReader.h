#pragma once
#include <filesystem>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Reads the scenario's feeds with their files, which are looked for relative to `directory`.
void ReadFeeds(ScenarioContext& context, const JsonNode& node,
               const std::filesystem::path& directory);

/// Gives the bots of each group their places in each feed, and refuses a unique one that has fewer
/// rows than bots.
void ShareFeeds(const ScenarioContext& context, Program& program);

}  // namespace stressbot
