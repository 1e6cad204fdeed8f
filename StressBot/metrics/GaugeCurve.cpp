#include "StressBot/metrics/GaugeCurve.h"

#include <algorithm>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

namespace {

double MinuteOf(const Timeline::Span& span) {
  return std::chrono::duration<double, std::ratio<60>>(span.mean_to).count();
}

GaugeCurve SumOf(const Timeline& timeline, const std::vector<std::uint32_t>& gauges) {
  GaugeCurve curve;
  if (gauges.empty()) return curve;
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    const Timeline::Span& span = timeline.spans()[i];
    if (span.phase != Phase::kLoad) continue;
    GaugeCurve::Point point;
    point.minute = MinuteOf(span);
    point.intervals = span.intervals;
    for (const std::uint32_t index : gauges) {
      const GaugePoint gauge = timeline.gauge(GaugeId{index}).At(i);
      point.mean += gauge.mean;
      point.min += gauge.min;
      point.max += gauge.max;
      point.last += gauge.last;
    }
    curve.points.push_back(point);
  }
  return curve;
}

}  // namespace

GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags) {
  const SeriesMatch match = FindSeries(metrics.catalog(), metric, tags);
  if (match.kind != MetricKind::kGauge) return {};
  return SumOf(metrics.timeline(), match.indexes);
}

GaugeCurve CurveOf(const RunMetrics& metrics, GaugeId gauge) {
  return SumOf(metrics.timeline(), {gauge.index});
}

GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags,
                   TrendPoint::Value value) {
  GaugeCurve curve;
  const SeriesMatch match = FindSeries(metrics.catalog(), metric, tags);
  if (match.kind != MetricKind::kTrend) return curve;
  const Timeline& timeline = metrics.timeline();
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    const Timeline::Span& span = timeline.spans()[i];
    std::optional<std::int64_t> worst;
    for (const std::uint32_t index : match.indexes) {
      const TrendPoint point = timeline.trend(TrendId{index}).At(i);
      if (point.count > 0) worst = std::max(worst.value_or(0), point.values_ns[value]);
    }
    if (span.phase != Phase::kLoad || !worst) continue;
    const auto ns = static_cast<double>(*worst);
    curve.points.push_back({MinuteOf(span), ns, ns, ns, ns, span.intervals});
  }
  return curve;
}

/// Each point counts as often as there are intervals in it, so that merging changes no mean.
double GaugeCurve::Mean() const {
  double sum = 0;
  double weights = 0;
  for (const GaugeCurve::Point& point : points) {
    sum += point.mean * point.intervals;
    weights += point.intervals;
  }
  return weights > 0 ? sum / weights : 0;
}

double GaugeCurve::Min() const {
  const auto least = std::min_element(points.begin(), points.end(),
                                      [](const auto& a, const auto& b) { return a.min < b.min; });
  return empty() ? 0 : least->min;
}

double GaugeCurve::Max() const {
  const auto most = std::max_element(points.begin(), points.end(),
                                     [](const auto& a, const auto& b) { return a.max < b.max; });
  return empty() ? 0 : most->max;
}

double GaugeCurve::Last() const { return empty() ? 0 : points.back().last; }

}  // namespace stressbot
