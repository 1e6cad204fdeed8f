#pragma once
#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Reads `servers` into the context: loads their protocol files, which are relative to the scenario
/// file, and settles their targets (--target wins). No name is looked up here.
void ReadServers(ScenarioContext& context, const JsonNode& node,
                 const std::filesystem::path& directory);

/// Servers without a target need one in each connect. After the groups were read without a mistake.
void CheckTargets(const ScenarioContext& context, const Program& program);

}  // namespace stressbot
