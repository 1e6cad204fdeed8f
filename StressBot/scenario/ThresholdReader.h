#pragma once
#include <vector>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Reads `thresholds`: {"SELECTOR": ["EXPRESSION", {"threshold": "EXPRESSION"}]}. Metrics, tags and
/// the values of the tags group, flow, step, server and packet must be known.
std::vector<ThresholdText> ReadThresholds(const ScenarioContext& context, const JsonNode& node,
                                          const Program& program);

}  // namespace stressbot
