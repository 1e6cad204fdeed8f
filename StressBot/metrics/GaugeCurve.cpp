#include "StressBot/metrics/GaugeCurve.h"

#include <algorithm>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

namespace {

/// Each point counts as often as there are intervals in it, so that merging changes no mean.
template <typename Value>
double WeightedMean(const std::vector<GaugeCurve::Point>& points, Value&& value) {
  double sum = 0;
  double weights = 0;
  for (const GaugeCurve::Point& point : points) {
    sum += value(point) * point.intervals;
    weights += point.intervals;
  }
  return weights > 0 ? sum / weights : 0;
}

double MeanOf(const GaugeCurve::Point& point) { return point.mean; }
double MinuteOf(const GaugeCurve::Point& point) { return point.minute; }

GaugeCurve SumOf(const Timeline& timeline, const std::vector<std::uint32_t>& gauges) {
  GaugeCurve curve;
  if (gauges.empty()) return curve;
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    const Timeline::Span& span = timeline.spans()[i];
    if (span.phase != Phase::kLoad) continue;
    GaugeCurve::Point point;
    point.minute = std::chrono::duration<double, std::ratio<60>>(span.mean_to).count();
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

double GaugeCurve::Mean() const { return WeightedMean(points, MeanOf); }

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

std::optional<double> GaugeCurve::Slope() const {
  if (points.size() < 2) return std::nullopt;
  const double mean_minute = WeightedMean(points, MinuteOf);
  const double mean_value = WeightedMean(points, MeanOf);
  double together = 0;
  double alone = 0;
  for (const Point& point : points) {
    const double from_mean = point.minute - mean_minute;
    together += point.intervals * from_mean * (point.mean - mean_value);
    alone += point.intervals * from_mean * from_mean;
  }
  if (alone <= 0) return std::nullopt;
  return together / alone;
}

}  // namespace stressbot
