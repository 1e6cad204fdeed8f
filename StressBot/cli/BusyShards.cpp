#include "StressBot/cli/BusyShards.h"

#include <algorithm>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

namespace {

constexpr double kBusyPercent = 95;

}  // namespace

void BusyShards::Observe(const MetricsInterval& interval, const MetricsCatalog& catalog) {
  if (interval.phase != Phase::kLoad) return;
  if (stretches_.empty()) {
    gauges_ = FindSeries(catalog, "generator_cpu", {}).indexes;
    for (const std::uint32_t gauge : gauges_) {
      stretches_.push_back({std::string(TagOf(catalog.gauges()[gauge].tags, "shard")), {}, {}});
    }
  }
  for (std::size_t i = 0; i < gauges_.size(); ++i) {
    Stretch& stretch = stretches_[i];
    const bool is_busy = interval.frame.gauge(GaugeId{gauges_[i]}) > kBusyPercent;
    stretch.now =
        is_busy ? stretch.now + (interval.to - interval.from) : std::chrono::nanoseconds{};
    stretch.longest = std::max(stretch.longest, stretch.now);
  }
}

}  // namespace stressbot
