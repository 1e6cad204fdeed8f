#pragma once
#include <cstdint>
#include <vector>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// For each of the scenario's meeting points the most bots that can come there: those of the groups
/// whose flows hold a rendezvous of that name.
std::vector<std::uint32_t> BotsThatMeet(const ScenarioContext& context, const Program& program);

/// Fills Program::rendezvous. `before` is what BotsThatMeet said of the scenario as it is written:
/// a number of bots scales with the groups that come there. Refuses a meeting that cannot be full.
void FillMeetingPoints(const ScenarioContext& context, const std::vector<std::uint32_t>& before,
                       Program& program);

}  // namespace stressbot
