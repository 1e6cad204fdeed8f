#include "StressBot/report/LatencyLimit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stressbot {

namespace {

/// Place of a threshold's aggregator among the values of a point, if it is there.
std::optional<std::size_t> ValueOf(const Threshold& threshold) {
  using Aggregator = Threshold::Aggregator;
  if (threshold.aggregator == Aggregator::kMax) return TrendPoint::kMax;
  if (threshold.aggregator == Aggregator::kMed) return TrendPoint::kP50;
  if (threshold.aggregator != Aggregator::kPercentile) return std::nullopt;
  for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
    if (std::abs(TrendPoint::kPercents[i] - threshold.percent) < 1e-9) return i;
  }
  return std::nullopt;
}

}  // namespace

bool WantsLess(const Threshold& threshold) {
  return threshold.comparison == Threshold::Comparison::kLess ||
         threshold.comparison == Threshold::Comparison::kLessEqual;
}

LatencyLimit::LatencyLimit(const Threshold& threshold, std::size_t value, SeriesMatch match)
    : limit_ns_(threshold.limit),
      limit_is_over_(threshold.comparison == Threshold::Comparison::kLess),
      value_(value),
      match_(std::move(match)) {}

std::optional<LatencyLimit> LatencyLimit::Of(const Threshold& threshold,
                                             const MetricsCatalog& catalog) {
  const std::optional<std::size_t> value = ValueOf(threshold);
  if (!value || !threshold.InNanoseconds() || !WantsLess(threshold)) return std::nullopt;
  SeriesMatch match = FindSeries(catalog, threshold.metric, threshold.tags);
  if (match.kind != MetricKind::kTrend || match.indexes.empty()) return std::nullopt;
  return LatencyLimit(threshold, *value, std::move(match));
}

std::optional<LatencyLimit::Moment> LatencyLimit::At(const Timeline& timeline,
                                                     std::size_t point) const {
  std::optional<Moment> moment;
  for (const std::uint32_t index : match_.indexes) {
    const TrendPoint trend = timeline.trend(TrendId{index}).At(point);
    if (trend.count == 0) continue;
    if (!moment) moment.emplace();
    moment->worst_ns = std::max(moment->worst_ns, static_cast<double>(trend.values_ns[value_]));
    moment->is_lower_bound = moment->is_lower_bound || value_ >= trend.lower_bound_from;
  }
  if (!moment) return moment;
  moment->is_over = moment->is_lower_bound || moment->worst_ns > limit_ns_ ||
                    (limit_is_over_ && moment->worst_ns >= limit_ns_);
  return moment;
}

}  // namespace stressbot
