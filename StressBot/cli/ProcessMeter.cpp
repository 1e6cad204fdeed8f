#include "StressBot/cli/ProcessMeter.h"

#include <optional>

namespace stressbot {

void ProcessMeter::Measure(std::int64_t pid) {
  constexpr std::chrono::milliseconds kShortest{500};
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::nanoseconds passed = now - measured_at_;
  const auto stats = passed >= kShortest ? ReadProcessStats(pid) : std::nullopt;
  if (!stats) return;
  const auto used = static_cast<double>((stats->cpu_time - last_.cpu_time).count());
  const bool is_first = measured_at_ == std::chrono::steady_clock::time_point{};
  cpu_percent_ = is_first ? 0 : 100 * used / static_cast<double>(passed.count());
  last_ = *stats;
  measured_at_ = now;
}

void ProcessMeter::Clear() {
  last_ = {};
  cpu_percent_ = 0;
}

void ProcessMeter::SetGauges(const WatchedServerMetrics& ids, bool is_up,
                             MetricsFrame& frame) const {
  frame.Set(ids.up, is_up ? 1 : 0);
  frame.Set(ids.cpu, cpu_percent_);
  frame.Set(ids.memory, static_cast<double>(last_.memory_bytes));
  frame.Set(ids.handles, last_.descriptors);
  frame.Set(ids.threads, last_.threads);
}

}  // namespace stressbot
