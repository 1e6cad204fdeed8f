#include "StressBot/dashboard/model/ViewCharts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "StressBot/dashboard/model/ChartWords.h"
#include "StressBot/report/ChartSpecs.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencySteps.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

constexpr std::size_t kStepsMax = 16;  ///< to choose from; a scenario may have hundreds

/// The worst of the series in one point.
class WorstTrend {
 public:
  WorstTrend(const Timeline& timeline, const std::vector<std::uint32_t>& indexes) {
    for (const std::uint32_t index : indexes) {
      const Timeline::Trends& trend = timeline.trend(TrendId{index});
      if (!trend.empty()) trends_.push_back(&trend);
    }
  }

  struct Worst {
    double ns = plot::kNoValue;
    bool at_least = false;
  };
  Worst At(std::size_t point, TrendPoint::Value value) const {
    Worst worst;
    for (const Timeline::Trends* trend : trends_) {
      if (point < trend->first) continue;
      const TrendPoint& at = trend->points[point - trend->first];
      if (at.count == 0) continue;
      const auto ns = static_cast<double>(at.values_ns[value]);
      if (std::isnan(worst.ns) || ns > worst.ns) worst = {ns, at.lower_bound_from <= value};
    }
    return worst;
  }

 private:
  std::vector<const Timeline::Trends*> trends_;
};

plot::Line TrendLine(const Timeline& timeline, const ChartSource& source, std::string name) {
  plot::Line line;
  line.name = std::move(name);
  const WorstTrend worst(timeline, source.indexes);
  const std::size_t points = timeline.spans().size();
  line.values.reserve(points);
  bool any_bound = false;
  std::vector<bool> at_least(points);
  for (std::size_t i = 0; i < points; ++i) {
    const WorstTrend::Worst at = worst.At(i, source.value);
    line.values.push_back(at.ns);
    at_least[i] = at.at_least;
    any_bound = any_bound || at.at_least;
  }
  if (any_bound) line.at_least = std::move(at_least);
  return line;
}

/// Counts a second. A count in less than a second is shown as it is, for a moment is no flood; what
/// flows has none in a stretch that is too short to tell.
std::vector<double> RatesOf(const Timeline& timeline, const ChartSource& source) {
  const bool flows = source.kind == ChartSource::Kind::kFlow;
  std::vector<double> values;
  values.reserve(timeline.spans().size());
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    const double seconds = SecondsOf(timeline.spans()[i].to - timeline.spans()[i].from);
    const auto count = static_cast<double>(CountAt(timeline, source, i));
    if (!flows) {
      values.push_back(count / std::max(seconds, 1.0));
    } else {
      values.push_back(seconds < kShortestTold_s ? plot::kNoValue : count / seconds);
    }
  }
  return values;
}

/// With the extremes of points that are made of several samples. The last point has none if it is
/// too short for a sample of its own.
void AddGauges(const Timeline& timeline, const ChartSource& source, plot::Line& line) {
  bool is_merged = false;
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    GaugePoint sum;
    for (const std::uint32_t index : source.indexes) {
      const GaugePoint at = timeline.gauge(GaugeId{index}).At(i);
      sum.mean += at.mean;
      sum.min += at.min;
      sum.max += at.max;
    }
    const Timeline::Span& span = timeline.spans()[i];
    const bool is_last = i > 0 && i + 1 == timeline.spans().size();
    if (is_last && SecondsOf(span.to - span.from) < kShortestTold_s)
      sum = {0, plot::kNoValue, plot::kNoValue, plot::kNoValue};
    is_merged = is_merged || span.intervals > 1;
    line.values.push_back(sum.mean);
    line.low.push_back(sum.min);
    line.high.push_back(sum.max);
  }
  if (is_merged) return;
  line.low.clear();
  line.high.clear();
}

plot::Line LineOf(const Timeline& timeline, const ChartSeries& series, Language language) {
  std::string name = ToPrintable(ChartWord(language, series.name));
  if (series.source.kind == ChartSource::Kind::kTrends)
    return TrendLine(timeline, series.source, std::move(name));
  plot::Line line;
  line.name = std::move(name);
  if (series.source.kind == ChartSource::Kind::kGauges) {
    AddGauges(timeline, series.source, line);
  } else {
    line.values = RatesOf(timeline, series.source);
  }
  return line;
}

bool HasData(const plot::Line& line) {
  const auto is_there = [](double value) { return value > 0; };
  return std::any_of(line.values.begin(), line.values.end(), is_there) ||
         std::any_of(line.high.begin(), line.high.end(), is_there);
}

/// Without its last moment, when the bots leave: a fall that is no news.
void EndWithLoad(const Timeline& timeline, plot::Line& line) {
  std::size_t last = timeline.spans().size();
  while (last > 0 && timeline.spans()[last - 1].phase == Phase::kStop) --last;
  if (last == timeline.spans().size() || last < 2) return;
  --last;
  line.values.resize(last);
  if (line.low.empty()) return;
  line.low.resize(last);
  line.high.resize(last);
}

plot::Unit UnitOf(ChartSpec::Unit unit) {
  switch (unit) {
    case ChartSpec::Unit::kCount:
      return plot::Unit::kCount;
    case ChartSpec::Unit::kPerSecond:
      return plot::Unit::kPerSecond;
    case ChartSpec::Unit::kBytes:
      return plot::Unit::kBytes;
    case ChartSpec::Unit::kBytesPerSecond:
      return plot::Unit::kBytesPerSecond;
    case ChartSpec::Unit::kPercent:
      return plot::Unit::kPercent;
    case ChartSpec::Unit::kLatency:
      break;
  }
  return plot::Unit::kNanoseconds;
}

/// The same as long as a run goes on, whichever lines have data by then; ChartSeries::color follows
/// the data. Beyond the palette, colours begin again with those of lines that are far away.
plot::Color ColorAt(std::size_t place) {
  constexpr std::size_t kFarAway = plot::kColors / 2;
  return static_cast<plot::Color>((place + place / plot::kColors * kFarAway) % plot::kColors);
}

plot::Chart ChartOf(const Timeline& timeline, const ChartSpec& spec, Language language) {
  plot::Chart chart;
  chart.id = spec.id;
  chart.title = ChartWord(language, spec.title);
  chart.unit = UnitOf(spec.unit);
  chart.scale = spec.kind == ChartSpec::Kind::kLog ? plot::Scale::kLog : plot::Scale::kLinear;
  chart.note = ChartWord(language, spec.note);
  for (std::size_t place = 0; place < spec.lines.size(); ++place) {
    plot::Line line = LineOf(timeline, spec.lines[place], language);
    if (!HasData(line)) continue;
    if (spec.ends_with_load) EndWithLoad(timeline, line);
    line.color = ColorAt(place);
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

/// The graver the percentile, the louder: p99 is what one looks at.
constexpr std::array<std::pair<const char*, plot::Color>, TrendPoint::kMax> kPercentiles{
    {{"p50", plot::Color::kGrey},
     {"p95", plot::Color::kGreen},
     {"p99", plot::Color::kBlue},
     {"p99.9", plot::Color::kOrange}}};

}  // namespace

plot::Points PointsOf(const Timeline& timeline) {
  plot::Points points;
  for (const Timeline::Span& span : timeline.spans()) {
    points.from_s.push_back(SecondsOf(span.from));
    points.to_s.push_back(SecondsOf(span.to));
  }
  return points;
}

std::vector<LatencyChoice> LatencyChoices(const RunResult& result, Language language) {
  std::vector<LatencyStep> steps = LatencySteps(result);
  if (steps.size() > kStepsMax) steps.resize(kStepsMax);
  std::vector<LatencyChoice> choices;
  for (const LatencyStep& step : steps) {
    LatencyChoice choice;
    choice.name = ToPrintable(ChartWord(language, step.name));
    choice.step = step.name;
    choice.chart.id = "latency";
    choice.chart.title = choice.name;
    choice.chart.unit = plot::Unit::kNanoseconds;
    choice.chart.scale = plot::Scale::kLog;
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
      const auto value = static_cast<TrendPoint::Value>(i);
      plot::Line line =
          TrendLine(result.metrics->timeline(), {ChartSource::Kind::kTrends, step.trends, value},
                    kPercentiles[i].first);
      line.color = kPercentiles[i].second;
      choice.chart.lines.push_back(std::move(line));
    }
    for (const ThresholdResult& threshold : result.thresholds) {
      if (!Concerns(threshold.threshold, result.metrics->catalog(), step)) continue;
      if (threshold.threshold.aggregator == Threshold::Aggregator::kSlope) continue;
      choice.chart.limits.push_back({ToPrintable(threshold.threshold.expression),
                                     threshold.threshold.limit,
                                     threshold.passed || !threshold.has_data});
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

std::vector<plot::Chart> ChartsOf(const RunMetrics& metrics, Language language) {
  std::vector<plot::Chart> charts;
  for (const ChartSpec& spec : ChartSpecs(metrics)) {
    plot::Chart chart = ChartOf(metrics.timeline(), spec, language);
    if (spec.id == "errors") chart.empty = ChartWord(language, "no errors");
    if (!chart.lines.empty() || !chart.empty.empty()) charts.push_back(std::move(chart));
  }
  return charts;
}

plot::Heat HeatOf(const RunMetrics& metrics, Language language) {
  plot::Heat heat;
  heat.id = "heat";
  heat.title = ChartWord(language, "Latencies of all requests");
  const Timeline& timeline = metrics.timeline();
  const auto requests = FindSeries(metrics.catalog(), "request_duration", {}).indexes;
  heat.columns.resize(timeline.spans().size());
  bool any = false;
  std::array<std::uint64_t, kHeatRows> rows{};
  for (std::size_t i = 0; i < heat.columns.size(); ++i) {
    rows.fill(0);
    for (const std::uint32_t index : requests) {
      const Timeline::Trends& trend = timeline.trend(TrendId{index});
      if (trend.empty() || i < trend.first) continue;
      for (const HeatCell& cell : trend.points[i - trend.first].heat)
        rows[cell.row()] += cell.count();
    }
    for (std::uint32_t row = 0; row < kHeatRows; ++row) {
      if (rows[row] == 0) continue;
      heat.columns[i].push_back({row, rows[row]});
      any = true;
    }
  }
  if (!any) return {};
  for (std::size_t row = 0; row < kHeatRows; ++row)
    heat.edges_ns.push_back(static_cast<double>(HeatLowestOf(row)));
  heat.edges_ns.push_back(heat.edges_ns.back() * 2);
  return heat;
}

std::vector<plot::Band> BandsOf(const RunResult& result, const std::vector<Incident>& incidents) {
  std::vector<plot::Band> bands;
  for (const Timeline::Span& span : result.metrics->timeline().spans()) {
    if (span.phase == Phase::kLoad) continue;
    const double from = SecondsOf(span.from);
    if (!bands.empty() && bands.back().to_s >= from) {
      bands.back().to_s = SecondsOf(span.to);
    } else {
      bands.push_back({from, SecondsOf(span.to), plot::Band::Kind::kUnmeasured});
    }
  }
  for (const LoadPause& pause : result.pauses)
    bands.push_back({SecondsOf(pause.from), SecondsOf(pause.to), plot::Band::Kind::kPaused});
  for (const Incident& incident : incidents) {
    bands.push_back(
        {SecondsOf(incident.from), SecondsOf(incident.to), plot::Band::Kind::kIncident});
    if (incident.silence() > std::chrono::nanoseconds::zero()) {
      bands.push_back({SecondsOf(incident.silent_from), SecondsOf(incident.silent_to),
                       plot::Band::Kind::kSilent});
    }
  }
  return bands;
}

}  // namespace stressbot
