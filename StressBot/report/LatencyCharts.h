#pragma once
#include <nlohmann/json.hpp>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/RunResult.h"

namespace stressbot::html {

/// Percentiles over time of each step to choose from, with the thresholds on it.
void AddLatencyChart(const RunResult& result, const ChartColumns& columns,
                     nlohmann::ordered_json& charts);
/// A heat map of all requests.
void AddHeatChart(const RunMetrics& metrics, const ChartColumns& columns,
                  nlohmann::ordered_json& charts);

}  // namespace stressbot::html
