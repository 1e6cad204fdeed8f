#pragma once
#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// --scale F: bots, arrival rates and maxBots of all groups times F, at least one bot each. Before
/// the two below.
void OverrideScale(const ScenarioContext& context, Program& program);

/// --bots N: all groups in proportion, so that their greatest numbers add up to N (largest
/// remainders, at least one bot each). --bots NAME=N: that group, after the former. The stages of a
/// group follow in proportion; one that has bots keeps at least one. Of a group with arrivals it is
/// maxBots.
void OverrideBots(const ScenarioContext& context, Program& program);

/// --rate N: all groups with arrivals in proportion, so that their greatest rates add up to N.
/// --rate NAME=N: that group's greatest rate, after the former; its stages in proportion.
void OverrideRates(const ScenarioContext& context, Program& program);

/// --duration D: the load ends at D. Start times and holds are scaled by D / old length. A ramp (a
/// stage that changes the number of bots) keeps its own length while all ramps of its group take at
/// most half of the group's new time; beyond that they share that half, or keep the share that they
/// had if it was greater. The warm-up shrinks in proportion and never grows. The times of events
/// are scaled too (at, from, until); their lengths are not.
void OverrideDuration(const ScenarioContext& context, Program& program);

}  // namespace stressbot
