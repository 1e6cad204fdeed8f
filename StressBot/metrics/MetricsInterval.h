#pragma once
#include <chrono>
#include <cstdint>

#include "StressBot/metrics/MetricsFrame.h"

namespace stressbot {

/// Where in the run an interval lies. Thresholds judge kLoad only.
enum class Phase : std::uint8_t { kWarmup, kLoad, kStop };

/// One second of the run, all shards together: what progress lines, charts and windows are made of.
struct MetricsInterval {
  std::chrono::nanoseconds from{}, to{};  ///< since the start of the run
  Phase phase = Phase::kLoad;
  MetricsFrame frame;
};

}  // namespace stressbot
