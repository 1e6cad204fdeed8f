#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/HtmlParts.h"

namespace stressbot::html {

namespace {

using Aggregator = Threshold::Aggregator;
using Comparison = Threshold::Comparison;
using Nanoseconds = std::chrono::nanoseconds;

bool WantsLess(const Threshold& threshold) {
  return threshold.comparison == Comparison::kLess ||
         threshold.comparison == Comparison::kLessEqual;
}

/// "count==0" and the like: what may not happen at all.
bool WantsNone(const Threshold& threshold) {
  return threshold.comparison == Comparison::kEqual && !(threshold.limit > 0);
}

/// Place of a threshold's aggregator among the values of a point in time, if it is there.
std::optional<std::size_t> ValueOf(const Threshold& threshold) {
  if (threshold.aggregator == Aggregator::kMax) return TrendPoint::kMax;
  if (threshold.aggregator == Aggregator::kMed) return TrendPoint::kP50;
  if (threshold.aggregator != Aggregator::kPercentile) return std::nullopt;
  for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
    if (std::abs(TrendPoint::kPercents[i] - threshold.percent) < 1e-9) return i;
  }
  return std::nullopt;
}

/// The stretches of the measured part in which something was bad.
class Breaks {
 public:
  void Add(const Timeline::Span& span, bool is_bad, double how_bad) {
    seen_ += span.to - span.from;
    if (!is_bad) return;
    bad_ += span.to - span.from;
    if (!first_) first_ = span.from;
    if (worst_at_ && how_bad <= worst_) return;
    worst_ = how_bad;
    worst_at_ = span.from;
  }
  bool any() const { return first_.has_value(); }
  double worst() const { return worst_; }
  std::string Describe(std::string_view what, const std::string& worst) const {
    return fmt::format("{} during {} of {}, first after {}; worst after {}: {}.", what,
                       FormatSpan(bad_), FormatSpan(seen_), FormatSpan(*first_),
                       FormatSpan(*worst_at_), worst);
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

std::string WhenTrendBroke(const Threshold& threshold, const SeriesMatch& match,
                           const Timeline& timeline) {
  const std::optional<std::size_t> value = ValueOf(threshold);
  if (!value || !WantsLess(threshold)) return {};
  Breaks breaks;
  bool is_lower_bound = false;
  ForEachMeasured(timeline, [&](const Timeline::Span& span, std::size_t place) {
    double worst = -1;
    bool touches = false;
    for (const std::uint32_t index : match.indexes) {
      const TrendPoint point = timeline.trend(TrendId{index}).At(place);
      if (point.count == 0) continue;
      worst = std::max(worst, static_cast<double>(point.values_ns[*value]));
      touches = touches || *value >= point.lower_bound_from;
    }
    if (worst < 0) return;
    const bool is_bad = touches || worst > threshold.limit ||
                        (threshold.comparison == Comparison::kLess && worst >= threshold.limit);
    is_lower_bound = is_lower_bound || touches;
    breaks.Add(span, is_bad, worst);
  });
  if (!breaks.any()) return {};
  return breaks.Describe("Over the limit",
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
                         FormatCount(bad_at_worst) + " of " + FormatCount(total_at_worst));
}

}  // namespace

std::string WhenItBroke(const ThresholdResult& result, const RunMetrics& metrics) {
  const Threshold& threshold = result.threshold;
  const SeriesMatch match = FindSeries(metrics.catalog(), threshold.metric, threshold.tags);
  switch (match.kind) {
    case MetricKind::kTrend:
      return WhenTrendBroke(threshold, match, metrics.timeline());
    case MetricKind::kCounter:
      return WhenCounterBroke(threshold, match, metrics.timeline());
    case MetricKind::kRate:
      return WhenRateBroke(threshold, match, metrics.timeline());
    case MetricKind::kGauge:
      break;
  }
  return {};
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
