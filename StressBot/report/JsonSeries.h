#pragma once
#include <nlohmann/json.hpp>

#include "StressBot/metrics/RunMetrics.h"

/// The parts of the JSON report that RunMetrics fills.
namespace stressbot {

/// Every series: its aggregates of the measured part and of the whole run, all that is needed to
/// make them again, and its points in time.
nlohmann::ordered_json SeriesJson(const RunMetrics& metrics);

/// The points in time that the series share.
nlohmann::ordered_json TimelineJson(const Timeline& timeline);

/// The points of one series; null when it never had data.
nlohmann::ordered_json ColumnJson(const Timeline& timeline, MetricKind kind, std::uint32_t index);

}  // namespace stressbot
