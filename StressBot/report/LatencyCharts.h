#pragma once
#include <nlohmann/json.hpp>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/RunResult.h"

namespace stressbot::html {

/// Percentiles over time of each step to choose from, with the thresholds on it; then a heat map of
/// all requests.
void AddLatencyCharts(const RunResult& result, const ChartColumns& columns,
                      nlohmann::ordered_json& charts);

}  // namespace stressbot::html
