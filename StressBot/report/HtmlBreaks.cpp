#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/LatencyLimit.h"

namespace stressbot::html {

namespace {

using Comparison = Threshold::Comparison;
using Nanoseconds = std::chrono::nanoseconds;

/// "count==0" and the like: what may not happen at all.
bool WantsNone(const Threshold& threshold) {
  return threshold.comparison == Comparison::kEqual && !(threshold.limit > 0);
}

/// The stretches of the measured part in which something was bad.
class Breaks {
 public:
  /// Without `how_bad` nobody can tell: it is never the worst.
  void Add(const Timeline::Span& span, bool is_bad, std::optional<double> how_bad) {
    seen_ += span.to - span.from;
    if (!is_bad) return;
    bad_ += span.to - span.from;
    if (!first_) first_ = span.from;
    if (!how_bad || (worst_at_ && *how_bad <= worst_)) return;
    worst_ = *how_bad;
    worst_at_ = span.from;
  }
  bool any() const { return first_.has_value(); }
  double worst() const { return worst_; }
  std::string Describe(std::string_view what, const std::string& worst) const {
    return fmt::format("{} during {} of {}, first after {}; worst after {}: {}.", what,
                       FormatSpan(bad_), FormatSpan(seen_), FormatSpan(*first_),
                       FormatSpan(worst_at_.value_or(*first_)), worst);
  }

 private:
  Nanoseconds seen_{}, bad_{};
  std::optional<Nanoseconds> first_, worst_at_;
  double worst_ = 0;
};

template <typename Look>
void ForEachMeasured(const Timeline& timeline, Look&& look) {
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    if (timeline.spans()[i].phase == Phase::kLoad) look(timeline.spans()[i], i);
  }
}

std::string WhenTrendBroke(const Threshold& threshold, const RunMetrics& metrics) {
  const auto limit = LatencyLimit::Of(threshold, metrics.catalog());
  if (!limit) return {};
  // While a server stands still nothing is over the limit yet: what it owes shows when it replies.
  const std::vector<bool> silent = SilentPoints(metrics);
  Breaks breaks;
  bool any_over = false;
  bool any_silent = false;
  bool is_lower_bound = false;
  ForEachMeasured(metrics.timeline(), [&](const Timeline::Span& span, std::size_t place) {
    const auto moment = limit->At(metrics.timeline(), place);
    const bool is_over = moment && moment->is_over;
    any_over = any_over || is_over;
    any_silent = any_silent || silent[place];
    is_lower_bound = is_lower_bound || (moment && moment->is_lower_bound);
    breaks.Add(span, is_over || silent[place],
               moment ? std::optional(moment->worst_ns) : std::nullopt);
  });
  if (!any_over) return {};
  return breaks.Describe(any_silent ? "Without any reply or over the limit" : "Over the limit",
                         (is_lower_bound ? "≥ " : "") + FormatLatency(breaks.worst()));
}

std::string WhenCounterBroke(const Threshold& threshold, const SeriesMatch& match,
                             const Timeline& timeline) {
  if (!WantsLess(threshold) && !WantsNone(threshold)) return {};
  Breaks breaks;
  ForEachMeasured(timeline, [&](const Timeline::Span& span, std::size_t place) {
    std::uint64_t count = 0;
    for (const std::uint32_t index : match.indexes) {
      count += timeline.counter(CounterId{index}).At(place);
    }
    breaks.Add(span, count > 0, static_cast<double>(count));
  });
  if (!breaks.any()) return {};
  return breaks.Describe("Seen", FormatCount(static_cast<std::uint64_t>(breaks.worst())));
}

/// Of checks and the like the bad ones are those that did not pass, of failures those that did.
std::string WhenRateBroke(const Threshold& threshold, const SeriesMatch& match,
                          const Timeline& timeline) {
  const bool passed_is_bad = WantsLess(threshold) || WantsNone(threshold);
  Breaks breaks;
  std::uint64_t bad_at_worst = 0;
  std::uint64_t total_at_worst = 0;
  ForEachMeasured(timeline, [&](const Timeline::Span& span, std::size_t place) {
    MetricsFrame::RateCount sum;
    for (const std::uint32_t index : match.indexes) {
      const MetricsFrame::RateCount rate = timeline.rate(RateId{index}).At(place);
      sum.passed += rate.passed;
      sum.total += rate.total;
    }
    const std::uint64_t bad = passed_is_bad ? sum.passed : sum.total - sum.passed;
    if (bad > bad_at_worst) {
      bad_at_worst = bad;
      total_at_worst = sum.total;
    }
    breaks.Add(span, bad > 0, static_cast<double>(bad));
  });
  if (!breaks.any()) return {};
  return breaks.Describe(passed_is_bad ? "Seen" : "Missed",
                         FormatCount(bad_at_worst) + (passed_is_bad ? " of " : " missed of ") +
                             FormatCount(total_at_worst));
}

}  // namespace

std::string WhenItBroke(const ThresholdResult& result, const RunMetrics& metrics) {
  const Threshold& threshold = result.threshold;
  const SeriesMatch match = FindSeries(metrics.catalog(), threshold.metric, threshold.tags);
  switch (match.kind) {
    case MetricKind::kTrend:
      return WhenTrendBroke(threshold, metrics);
    case MetricKind::kCounter:
      return WhenCounterBroke(threshold, match, metrics.timeline());
    case MetricKind::kRate:
      return WhenRateBroke(threshold, match, metrics.timeline());
    case MetricKind::kGauge:
      break;
  }
  return {};
}

std::string DetailOf(const ThresholdResult& result) {
  const std::string& metric = result.threshold.metric;
  const bool is_delivery = metric == "load_delivered" || metric == "fanout_delivered";
  return result.detail + (is_delivery && !result.detail.empty() ? " delivered" : "");
}

std::string WhoMissedIt(const ThresholdResult& result, const RunMetrics& metrics) {
  if (result.threshold.metric != "load_delivered") return {};
  const auto measured = [&metrics](std::string_view metric) {
    return Select(metrics.catalog(), metrics.measured(), metric, {});
  };
  const std::uint64_t omitted = measured("requests_omitted").count;
  const std::uint64_t dropped = measured("dropped_iterations").count;
  std::string text;
  if (omitted > 0)
    text += FormatCount(omitted) +
            " were never sent, because their bots still waited for the server when they were due. ";
  if (dropped > 0)
    text += FormatCount(dropped) + " found no free bot, or no time was left for them. ";
  const Histogram late = measured("generator_lateness").trend;
  if (text.empty() || late.empty()) return text;
  const auto p99 = static_cast<double>(late.Percentile(99));
  return text +
         (p99 > GeneratorReport::kLatenessMaxNs ? "StressBot itself was late too: its timers p99 "
                                                : "StressBot itself was in time: its timers p99 ") +
         FormatLatency(p99) + " late.";
}

std::string HowFarOff(const ThresholdResult& result) {
  const double limit = result.threshold.limit;
  if (!result.has_data || !WantsLess(result.threshold) || !(limit > 0)) return {};
  const double times = result.value / limit;
  if (times <= 1.005) return {};
  return fmt::format("{} times the limit",
                     times < 10 ? fmt::format("{:.1f}", times) : FormatNumber(times, 0));
}

}  // namespace stressbot::html
