#include "StressBot/report/JsonSeries.h"

#include <array>
#include <string>
#include <utility>

#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/metrics/SlopeFit.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<double, 5> kPercentiles{50, 90, 95, 99, 99.9};
constexpr std::array<const char*, 5> kPercentileNames{"p50", "p90", "p95", "p99", "p99.9"};

/// Bucket, count, bucket, count ...: with these all aggregates can be computed again.
Json HistogramJson(const Histogram& trend) {
  Json buckets = Json::array();
  trend.ForEachBucket([&buckets](std::size_t bucket, std::uint64_t count) {
    buckets.push_back(bucket);
    buckets.push_back(count);
  });
  const Histogram::Totals totals = trend.totals();
  Json json{{"sum_ns", totals.sum_ns}, {"min_ns", totals.min_ns}, {"max_ns", totals.max_ns}};
  if (totals.lower_bounds > 0) json["timed_out_from_ns"] = totals.lower_bound_from_ns;
  json["buckets"] = std::move(buckets);
  return json;
}

/// `lower_bound` names the aggregates that touch time-outs: the true ones are at least as large.
Json TrendJson(const Histogram& trend) {
  Json json{{"count", trend.count()}};
  if (trend.empty()) return json;
  json["min_ms"] = MillisecondsOf(trend.min_ns());
  json["avg_ms"] = MillisecondsOf(trend.mean_ns());
  Json lower_bound = Json::array();
  for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
    const std::string name = kPercentileNames[i];
    json[name + "_ms"] = MillisecondsOf(trend.Percentile(kPercentiles[i]));
    if (trend.IsLowerBound(kPercentiles[i])) lower_bound.push_back(name);
  }
  json["max_ms"] = MillisecondsOf(trend.max_ns());
  if (trend.IsLowerBound(100)) lower_bound.push_back("max");
  if (trend.lower_bounds() > 0) json["timed_out"] = trend.lower_bounds();
  if (!lower_bound.empty()) json["lower_bound"] = lower_bound;
  json["histogram"] = HistogramJson(trend);
  return json;
}

Json RateJson(const MetricsFrame::RateCount& rate) {
  Json json{{"passed", rate.passed}, {"total", rate.total}};
  if (rate.total > 0) {
    json["rate"] = static_cast<double>(rate.passed) / static_cast<double>(rate.total);
  }
  return json;
}

Json CounterJson(std::uint64_t count, std::chrono::nanoseconds time) {
  Json json{{"count", count}};
  if (time > std::chrono::nanoseconds::zero()) {
    json["per_second"] = static_cast<double>(count) / SecondsOf(time);
  }
  return json;
}

Json ValueJson(const MetricsFrame& frame, std::chrono::nanoseconds time, MetricKind kind,
               std::uint32_t index) {
  switch (kind) {
    case MetricKind::kTrend:
      return TrendJson(frame.trend(TrendId{index}));
    case MetricKind::kCounter:
      return CounterJson(frame.counter(CounterId{index}), time);
    case MetricKind::kRate:
      return RateJson(frame.rate(RateId{index}));
    case MetricKind::kGauge:
      break;
  }
  return Json{{"value", frame.gauge(GaugeId{index})}};
}

Json GaugeJson(const RunMetrics& metrics, std::uint32_t index) {
  Json json = ValueJson(metrics.measured(), {}, MetricKind::kGauge, index);
  const GaugeCurve curve = CurveOf(metrics, GaugeId{index});
  if (curve.empty()) return json;
  json["min"] = curve.Min();
  json["max"] = curve.Max();
  if (const auto fit = FitSlope(curve)) json["per_minute"] = fit->per_hour / 60;
  return json;
}

}  // namespace

Json SeriesJson(const RunMetrics& metrics) {
  constexpr std::array kKinds{MetricKind::kTrend, MetricKind::kCounter, MetricKind::kRate,
                              MetricKind::kGauge};
  Json list = Json::array();
  for (const MetricKind kind : kKinds) {
    const std::vector<Series>& all = metrics.catalog().OfKind(kind);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      Json json{{"metric", ToValidUtf8(all[i].metric)},
                {"kind", NameOf(kind)},
                {"tags", TagsJson(all[i].tags)}};
      json["measured"] = kind == MetricKind::kGauge
                             ? GaugeJson(metrics, i)
                             : ValueJson(metrics.measured(), metrics.measured_time(), kind, i);
      json["whole"] = ValueJson(metrics.whole(), metrics.whole_time(), kind, i);
      Json column = ColumnJson(metrics.timeline(), kind, i);
      if (!column.is_null()) json["timeline"] = std::move(column);
      list.push_back(std::move(json));
    }
  }
  return list;
}

}  // namespace stressbot
