#include "StressBot/report/Progress.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

std::string TimePart(const MetricsInterval& interval, std::chrono::nanoseconds planned) {
  std::string text = FormatSpan(interval.to);
  if (planned > std::chrono::nanoseconds::zero()) text += " / " + FormatSpan(planned);
  if (interval.phase == Phase::kWarmup) text += " warm-up";
  if (interval.phase == Phase::kStop) text += " stopping";
  return text;
}

/// "bots 1,000 (980 run, 20 connect)"; states without bots are left out.
std::string BotsPart(const MetricsInterval& interval, const MetricsCatalog& catalog) {
  std::vector<std::pair<std::string, double>> states;
  double all = 0;
  for (const std::uint32_t index : FindSeries(catalog, "bots", {}).indexes) {
    const double bots = interval.frame.gauge(GaugeId{index});
    const std::string state = ToPrintable(TagOf(catalog.gauges()[index].tags, "state"));
    all += bots;
    auto found = states.begin();
    while (found != states.end() && found->first != state) ++found;
    if (found == states.end()) found = states.insert(found, {state, 0});
    found->second += bots;
  }
  std::string detail;
  for (const auto& [state, bots] : states) {
    if (bots < 0.5 || state.empty()) continue;
    detail += fmt::format("{}{} {}", detail.empty() ? "" : ", ", FormatNumber(bots, 0), state);
  }
  return "bots " + FormatNumber(all, 0) + (detail.empty() ? "" : " (" + detail + ")");
}

std::uint64_t FailuresOf(const RunMetrics& metrics) {
  const auto select = [&metrics](std::string_view name) {
    return Select(metrics.catalog(), metrics.whole(), name, {});
  };
  const MetricsFrame::RateCount checks = select("checks").rate;
  return select("requests_failed").rate.passed + select("connects_failed").rate.passed +
         select("bots_dropped").count + (checks.total - checks.passed);
}

}  // namespace

std::string FormatProgress(const MetricsInterval& interval, const RunMetrics& so_far,
                           std::chrono::nanoseconds planned) {
  const MetricsCatalog& catalog = so_far.catalog();
  const double seconds = std::chrono::duration<double>(interval.to - interval.from).count();
  const auto per_second = [&](std::string_view metric) {
    const auto count = static_cast<double>(Select(catalog, interval.frame, metric, {}).count);
    return FormatNumber(seconds > 0 ? count / seconds : 0, 0) + "/s";
  };
  const Histogram latency = Select(catalog, interval.frame, "request_duration", {}).trend;
  std::string p99 = "-";
  if (!latency.empty()) {
    p99 = (latency.IsLowerBound(99) ? "≥ " : "") +
          FormatLatency(static_cast<double>(latency.Percentile(99)));
  }
  return fmt::format("{}   {}   requests {}   p99 {}   failures {}   out {}   in {}",
                     TimePart(interval, planned), BotsPart(interval, catalog),
                     per_second("requests"), p99, FormatCount(FailuresOf(so_far)),
                     per_second("packets_sent"), per_second("packets_received"));
}

}  // namespace stressbot
