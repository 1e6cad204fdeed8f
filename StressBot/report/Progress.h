#pragma once
#include <chrono>
#include <string>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// One line for a person who waits: time of `planned` (0: no end is planned), bots by state, then
/// the interval's requests and packets a second, its p99, and all failures of the run so far.
/// `so_far` includes the interval.
std::string FormatProgress(const MetricsInterval& interval, const RunMetrics& so_far,
                           std::chrono::nanoseconds planned);

}  // namespace stressbot
