#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "StressBot/metrics/MetricsInterval.h"

namespace stressbot {

/// For how long each shard was above 95 % CPU without a pause, in the measured part. Looks at every
/// interval, since the timeline of a long run no longer tells single seconds.
class BusyShards {
 public:
  struct Stretch {
    std::string shard;  ///< its tag
    std::chrono::nanoseconds now{}, longest{};
  };

  void Observe(const MetricsInterval& interval, const MetricsCatalog& catalog);
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  std::vector<std::uint32_t> gauges_;
  std::vector<Stretch> stretches_;  ///< by place in gauges_
};

}  // namespace stressbot
