#pragma once
#include <string>
#include <string_view>

#include "StressBot/report/RunResult.h"

/// Parts of the summary, each empty when there is nothing to say. Only Summary.cpp puts them
/// together.
namespace stressbot::summary {

/// "traffic       out ..." with a line break; labels share one width.
std::string Line(std::string_view label, std::string_view text);

/// The table of latencies, a row for connecting and for each step that requests.
std::string LatencyPart(const RunMetrics& metrics);

/// Requests, checks, iterations, traffic, fan-out, connections and load.
std::string TotalsPart(const RunResult& result);

}  // namespace stressbot::summary
