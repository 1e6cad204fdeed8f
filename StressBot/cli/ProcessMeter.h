#pragma once
#include <chrono>
#include <cstdint>

#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/metrics/MetricsFrame.h"
#include "StressBot/system/ProcessStats.h"

namespace stressbot {

/// What a watched process uses, for its gauges. Thread: one.
class ProcessMeter {
 public:
  /// Measures it, at most twice a second: CPU time is told in steps of 10 ms.
  void Measure(std::int64_t pid);
  /// It has ended, and uses nothing any more.
  void Clear();
  /// Another process takes its place.
  void Restart() { *this = {}; }
  void SetGauges(const WatchedServerMetrics& ids, bool is_up, MetricsFrame& frame) const;

 private:
  ProcessStats last_;
  std::chrono::steady_clock::time_point measured_at_{};
  double cpu_percent_ = 0;
};

}  // namespace stressbot
