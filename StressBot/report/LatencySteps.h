#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// What has a line in the table of latencies, and its series over time: connecting, each step that
/// requests, recovery, fan-outs.
struct LatencyStep {
  std::string name;
  std::uint64_t count = 0;
  bool has_failed = false;  ///< a threshold on it did
  std::vector<std::uint32_t> trends;
};

/// Those with data; first the ones that failed, then the most frequent. Needs RunResult::metrics.
std::vector<LatencyStep> LatencySteps(const RunResult& result);

/// Whether a threshold is on latencies of that step.
bool Concerns(const Threshold& threshold, const MetricsCatalog& catalog, const LatencyStep& step);

}  // namespace stressbot
