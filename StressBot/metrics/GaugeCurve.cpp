#include "StressBot/metrics/GaugeCurve.h"

#include <algorithm>
#include <numeric>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

namespace {

double MeanOf(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags) {
  const SeriesMatch match = FindSeries(metrics.catalog(), metric, tags);
  GaugeCurve curve;
  if (match.kind != MetricKind::kGauge || match.indexes.empty()) return curve;
  for (const RunMetrics::GaugePoint& point : metrics.gauge_points()) {
    double sum = 0;
    for (const std::uint32_t index : match.indexes) sum += point.values[index];
    curve.minutes.push_back(std::chrono::duration<double, std::ratio<60>>(point.at).count());
    curve.values.push_back(sum);
  }
  return curve;
}

double GaugeCurve::Mean() const { return MeanOf(values); }

double GaugeCurve::Max() const {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

std::optional<double> GaugeCurve::Slope() const {
  if (values.size() < 2) return std::nullopt;
  const double mean_minute = MeanOf(minutes);
  const double mean_value = MeanOf(values);
  double together = 0;
  double alone = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double from_mean = minutes[i] - mean_minute;
    together += from_mean * (values[i] - mean_value);
    alone += from_mean * from_mean;
  }
  if (alone <= 0) return std::nullopt;
  return together / alone;
}

}  // namespace stressbot
