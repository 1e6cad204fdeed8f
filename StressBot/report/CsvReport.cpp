#include "StressBot/report/CsvReport.h"

#include <fmt/format.h>

#include <array>

#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

std::string Quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += letter;
  }
  return quoted + "\"";
}

/// Writes the lines of one series after the other.
class Lines {
 public:
  explicit Lines(const RunMetrics& metrics) : metrics_(metrics) {
    text_ = "part,metric,tags,from_s,to_s,phase,aggregate,value,at_least\r\n";
  }

  std::string Take() { return std::move(text_); }

  void AddTrend(std::uint32_t index) {
    const TrendId id{index};
    Begin(metrics_.catalog().trends()[index]);
    AddHistogram("measured", metrics_.measured().trend(id));
    AddHistogram("whole", metrics_.whole().trend(id));
    const Timeline::Trends& column = metrics_.timeline().trend(id);
    for (std::size_t i = 0; i < column.points.size(); ++i) {
      const TrendPoint& point = column.points[i];
      At(column.first + i);
      Add("count", point.count);
      if (point.count == 0) continue;
      for (std::size_t value = 0; value < TrendPoint::kValues; ++value) {
        Add(std::string(kTrendPointNames[value]) + "_ms", MillisecondsOf(point.values_ns[value]),
            value >= point.lower_bound_from);
      }
    }
  }
  void AddCounter(std::uint32_t index) {
    const CounterId id{index};
    Begin(metrics_.catalog().counters()[index]);
    if (metrics_.whole().counter(id) == 0) return;
    In("measured");
    Add("count", metrics_.measured().counter(id));
    In("whole");
    Add("count", metrics_.whole().counter(id));
    const Timeline::Counters& column = metrics_.timeline().counter(id);
    for (std::size_t i = 0; i < column.points.size(); ++i) {
      At(column.first + i);
      Add("count", column.points[i]);
    }
  }
  void AddRate(std::uint32_t index) {
    const RateId id{index};
    Begin(metrics_.catalog().rates()[index]);
    if (metrics_.whole().rate(id).total == 0) return;
    In("measured");
    AddRate(metrics_.measured().rate(id));
    In("whole");
    AddRate(metrics_.whole().rate(id));
    const Timeline::Rates& column = metrics_.timeline().rate(id);
    for (std::size_t i = 0; i < column.points.size(); ++i) {
      At(column.first + i);
      AddRate(column.points[i]);
    }
  }
  void AddGauge(std::uint32_t index) {
    const GaugeId id{index};
    Begin(metrics_.catalog().gauges()[index]);
    const Timeline::Gauges& column = metrics_.timeline().gauge(id);
    if (column.empty()) return;
    const GaugeCurve curve = CurveOf(metrics_, id);
    if (!curve.empty()) {
      In("measured");
      AddGauge({curve.Last(), curve.Min(), curve.Max(), curve.Mean()});
    }
    for (std::size_t i = 0; i < column.points.size(); ++i) {
      At(column.first + i);
      AddGauge(column.points[i]);
    }
  }

 private:
  void Begin(const Series& series) {
    std::string tags;
    for (const auto& [name, value] : series.tags) {
      tags += (tags.empty() ? "" : ";") + name + ":" + value;
    }
    series_ = Quoted(ToValidUtf8(series.metric)) + "," + Quoted(ToValidUtf8(tags));
  }
  void In(std::string_view part) { place_ = fmt::format("{},{},,,", part, series_); }
  void At(std::size_t point) {
    const Timeline::Span& span = metrics_.timeline().spans()[point];
    place_ = fmt::format("timeline,{},{},{},{}", series_, SecondsOf(span.from), SecondsOf(span.to),
                         kPhaseNames[static_cast<std::size_t>(span.phase)]);
  }
  template <typename Value>
  void Add(std::string_view aggregate, Value value, bool at_least = false) {
    fmt::format_to(std::back_inserter(text_), "{},{},{},{}\r\n", place_, aggregate, value,
                   at_least ? "1" : "");
  }
  void AddRate(MetricsFrame::RateCount rate) {
    Add("passed", rate.passed);
    Add("total", rate.total);
  }
  void AddGauge(const GaugePoint& point) {
    Add("last", point.last);
    Add("min", point.min);
    Add("max", point.max);
    Add("mean", point.mean);
  }
  void AddHistogram(std::string_view part, const Histogram& trend) {
    constexpr std::array<double, 5> kPercents{50, 90, 95, 99, 99.9};
    if (trend.empty()) return;
    In(part);
    Add("count", trend.count());
    Add("min_ms", MillisecondsOf(trend.min_ns()), trend.IsLowerBound(0));
    Add("avg_ms", MillisecondsOf(trend.mean_ns()), trend.lower_bounds() > 0);
    for (const double percent : kPercents) {
      Add(fmt::format("p{}_ms", percent), MillisecondsOf(trend.Percentile(percent)),
          trend.IsLowerBound(percent));
    }
    Add("max_ms", MillisecondsOf(trend.max_ns()), trend.IsLowerBound(100));
  }

  const RunMetrics& metrics_;
  std::string series_;
  std::string place_;
  std::string text_;
};

}  // namespace

std::string WriteCsv(const RunResult& result) {
  const MetricsCatalog none;
  const RunMetrics nothing(none);
  const RunMetrics& metrics = result.metrics != nullptr ? *result.metrics : nothing;
  const MetricsCatalog& catalog = metrics.catalog();
  Lines lines(metrics);
  for (std::uint32_t i = 0; i < catalog.trends().size(); ++i) lines.AddTrend(i);
  for (std::uint32_t i = 0; i < catalog.counters().size(); ++i) lines.AddCounter(i);
  for (std::uint32_t i = 0; i < catalog.rates().size(); ++i) lines.AddRate(i);
  for (std::uint32_t i = 0; i < catalog.gauges().size(); ++i) lines.AddGauge(i);
  return lines.Take();
}

}  // namespace stressbot
