#include "StressBot/control/RunStatus.h"

#include <algorithm>

namespace stressbot {

RunFigures FiguresOf(const MetricsInterval& interval, const MetricsCatalog& catalog) {
  RunFigures figures;
  figures.from = interval.from;
  figures.to = interval.to;
  const double seconds =
      std::max(std::chrono::duration<double>(interval.to - interval.from).count(), 1e-9);
  const auto select = [&](std::string_view metric) {
    return Select(catalog, interval.frame, metric, {});
  };
  const auto per_second = [&](std::string_view metric) {
    return static_cast<double>(select(metric).count) / seconds;
  };
  figures.requests_per_s = per_second("requests");
  figures.failures_per_s =
      static_cast<double>(select("requests_failed").rate.passed +
                          select("connects_failed").rate.passed + select("bots_dropped").count) /
      seconds;
  figures.packets_sent_per_s = per_second("packets_sent");
  figures.packets_received_per_s = per_second("packets_received");
  figures.bytes_sent_per_s = per_second("data_sent");
  figures.bytes_received_per_s = per_second("data_received");
  const Histogram latency = select("request_duration").trend;
  figures.p50_ns = latency.Percentile(50);
  figures.p95_ns = latency.Percentile(95);
  figures.p99_ns = latency.Percentile(99);
  figures.max_ns = latency.max_ns();
  figures.p99_is_lower_bound = latency.IsLowerBound(99);
  return figures;
}

}  // namespace stressbot
