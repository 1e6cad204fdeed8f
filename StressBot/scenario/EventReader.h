#pragma once
#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Reads `events`. REQUIRES that the program's servers and groups have been read.
std::vector<Event> ReadEvents(ScenarioContext& context, const JsonNode& node,
                              const Program& program);

/// Warns of events that the run's length leaves out: those that would come when the load is over.
/// After --duration was taken into account.
void WarnOfLateEvents(const ScenarioContext& context, const JsonNode& events,
                      const Program& program);

}  // namespace stressbot
