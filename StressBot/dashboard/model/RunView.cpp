#include "StressBot/dashboard/model/RunView.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "StressBot/dashboard/model/ViewCharts.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencySteps.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

std::uint64_t ToCount(double gauge) {
  constexpr double kMost = 1e15;  // a file may say anything
  return gauge > 0 ? static_cast<std::uint64_t>(std::llround(std::min(gauge, kMost))) : 0;
}

/// The newest point of the timeline. In a moment that is too short, as the last one before the stop
/// may be, a single request would be a flood.
class NewestPoint {
 public:
  explicit NewestPoint(const RunMetrics& metrics)
      : metrics_(metrics), point_(metrics.timeline().spans().size() - 1) {
    while (point_ > 0 && seconds() < kShortestTold_s) --point_;
  }

  std::uint64_t Counter(std::string_view metric) const {
    std::uint64_t sum = 0;
    for (const std::uint32_t index : Find(metric))
      sum += metrics_.timeline().counter(CounterId{index}).At(point_);
    return sum;
  }
  MetricsFrame::RateCount Rate(std::string_view metric) const {
    MetricsFrame::RateCount sum;
    for (const std::uint32_t index : Find(metric)) {
      const MetricsFrame::RateCount rate = metrics_.timeline().rate(RateId{index}).At(point_);
      sum.passed += rate.passed;
      sum.total += rate.total;
    }
    return sum;
  }
  /// The worst of all series: their histograms are not kept by second.
  TrendPoint Trend(std::string_view metric) const {
    TrendPoint worst;
    for (const std::uint32_t index : Find(metric))
      MergePoint(worst, 1, metrics_.timeline().trend(TrendId{index}).At(point_), 1);
    return worst;
  }
  double seconds() const {
    const Timeline::Span& span = metrics_.timeline().spans()[point_];
    return std::max(SecondsOf(span.to - span.from), 1e-3);
  }

 private:
  std::vector<std::uint32_t> Find(std::string_view metric) const {
    return FindSeries(metrics_.catalog(), metric, {}).indexes;
  }
  const RunMetrics& metrics_;
  std::size_t point_;
};

std::string ValueText(const TrendPoint& point, TrendPoint::Value value) {
  if (point.count == 0) return "-";
  return (point.lower_bound_from <= value ? "≥ " : "") +
         FormatLatency(static_cast<double>(point.values_ns[value]));
}

std::uint64_t ActiveBots(const RunMetrics& metrics) {
  return ToCount(
      Select(metrics.catalog(), metrics.whole(), "bots", {{"state", "active"}}).gauge_value);
}

RunHeadline NewestHeadline(const RunMetrics& metrics) {
  const NewestPoint newest(metrics);
  RunHeadline head;
  const double seconds = newest.seconds();
  const auto per_second = [seconds](std::uint64_t count) {
    return static_cast<double>(count) / seconds;
  };
  head.requests_per_s = per_second(newest.Counter("requests"));
  head.failures_per_s =
      per_second(newest.Rate("requests_failed").passed + newest.Rate("connects_failed").passed +
                 newest.Counter("bots_dropped"));
  const TrendPoint latency = newest.Trend("request_duration");
  head.p95 = ValueText(latency, TrendPoint::kP95);
  head.p99 = ValueText(latency, TrendPoint::kP99);
  const MetricsFrame::RateCount load = newest.Rate("load_delivered");
  head.asked_per_s = per_second(load.total);
  head.delivered_per_s = per_second(load.passed);
  head.lateness_p99_ns =
      static_cast<double>(newest.Trend("generator_lateness").values_ns[TrendPoint::kP99]);
  return head;
}

RunHeadline WholeHeadline(const RunMetrics& metrics) {
  const auto measured = [&metrics](std::string_view metric) {
    return Select(metrics.catalog(), metrics.measured(), metric, {});
  };
  RunHeadline head;
  const double seconds = std::max(SecondsOf(metrics.measured_time()), 1e-3);
  const auto per_second = [seconds](std::uint64_t count) {
    return static_cast<double>(count) / seconds;
  };
  head.requests_per_s = per_second(measured("requests").count);
  head.failures_per_s =
      per_second(measured("requests_failed").rate.passed + measured("connects_failed").rate.passed +
                 measured("bots_dropped").count);
  const Histogram latency = measured("request_duration").trend;
  head.p95 = summary::LatencyText(latency, 95);
  head.p99 = summary::LatencyText(latency, 99);
  const MetricsFrame::RateCount load = measured("load_delivered").rate;
  head.asked_per_s = per_second(load.total);
  head.delivered_per_s = per_second(load.passed);
  head.lateness_p99_ns = static_cast<double>(measured("generator_lateness").trend.Percentile(99));
  return head;
}

RunHeadline HeadlineOf(const RunMetrics& metrics, bool is_over) {
  const std::vector<Timeline::Span>& spans = metrics.timeline().spans();
  if (spans.empty()) return {};
  RunHeadline head = is_over ? WholeHeadline(metrics) : NewestHeadline(metrics);
  head.seconds = SecondsOf(spans.back().to);
  head.bots_active = ActiveBots(metrics);
  const MetricsFrame::RateCount load =
      Select(metrics.catalog(), metrics.measured(), "load_delivered", {}).rate;
  if (load.total > 0)
    head.delivered_share = static_cast<double>(load.passed) / static_cast<double>(load.total);
  return head;
}

/// In the newest moment; of a run that is over, in the last one of its load, for at its end nobody
/// is anywhere.
std::vector<FunnelStep> FunnelOf(const RunMetrics& metrics) {
  std::vector<FunnelStep> funnel;
  const Timeline& timeline = metrics.timeline();
  std::size_t point = timeline.spans().size();
  while (point > 0 && timeline.spans()[point - 1].phase == Phase::kStop) --point;
  if (point == 0) return funnel;
  --point;
  for (const std::uint32_t index : FindSeries(metrics.catalog(), "bots", {}).indexes) {
    const std::string name(TagOf(metrics.catalog().gauges()[index].tags, "step"));
    if (name.empty()) continue;
    auto step = std::find_if(funnel.begin(), funnel.end(),
                             [&name](const FunnelStep& other) { return other.name == name; });
    if (step == funnel.end()) step = funnel.insert(step, FunnelStep{name});
    step->bots += ToCount(timeline.gauge(GaugeId{index}).At(point).last);
  }
  for (FunnelStep& step : funnel) {
    double silent = 0;
    for (const std::uint32_t index :
         FindSeries(metrics.catalog(), "bots_silent", {{"step", step.name}}).indexes)
      silent += timeline.gauge(GaugeId{index}).At(point).last;
    step.silent = ToCount(silent);
  }
  const std::vector<bool> silent = SilentPoints(metrics);
  const auto most =
      std::max_element(funnel.begin(), funnel.end(),
                       [](const FunnelStep& a, const FunnelStep& b) { return a.bots < b.bots; });
  if (most != funnel.end() && silent[point] && most->name != "-") most->is_stuck = most->bots > 0;
  for (FunnelStep& step : funnel) step.name = ToPrintable(step.name);
  return funnel;
}

double ValueAt(const Histogram& trend, double percent) {
  if (trend.empty()) return plot::kNoValue;
  return static_cast<double>(percent > 0 ? trend.Percentile(percent) : trend.min_ns());
}

std::vector<StepRow> StepsOf(const RunResult& result) {
  const RunMetrics& metrics = *result.metrics;
  const std::vector<LatencyStep> steps = LatencySteps(result);
  const double seconds = std::max(SecondsOf(metrics.measured_time()), 1e-3);
  std::vector<StepRow> rows;
  for (const summary::LatencyRow& latency : summary::LatencyRows(metrics)) {
    StepRow row;
    row.name = ToPrintable(latency.name);
    row.count = latency.from_due.count();
    row.omitted = latency.omitted;
    row.per_s = static_cast<double>(row.count) / seconds;
    for (const double percent : kLatencyColumns) {
      row.latencies.push_back(summary::LatencyText(latency.from_due, percent));
      row.latencies_ns.push_back(ValueAt(latency.from_due, percent));
    }
    row.from_sent_p99 = summary::LatencyText(latency.from_sent, 99);
    row.from_sent_p99_ns = ValueAt(latency.from_sent, 99);
    row.has_failed = std::any_of(steps.begin(), steps.end(), [&](const LatencyStep& step) {
      return step.has_failed && step.name == latency.name;
    });
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<plot::Mark> MarksOf(const RunResult& result, const std::vector<ServerLine>& lines) {
  std::vector<plot::Mark> marks;
  for (const RunEvent& event : result.events)
    marks.push_back({SecondsOf(event.at), ToPrintable(event.text), plot::Mark::Kind::kEvent});
  for (const FirstFailure& failure : result.first_failures) {
    marks.push_back({SecondsOf(failure.at), ToPrintable(failure.metric + ": " + failure.text),
                     plot::Mark::Kind::kFailure});
  }
  for (const ServerLine& line : lines) {
    if (line.at_s >= 0) marks.push_back({line.at_s, line.text, plot::Mark::Kind::kServerLine});
  }
  return marks;
}

}  // namespace

void ForEachText(const RunView& view, const std::function<void(const std::string&)>& look) {
  const RunResult& run = view.result;
  look(run.scenario);
  look(run.description);
  for (const VerdictReason& reason : run.verdict.reasons) look(reason.text);
  for (const ThresholdResult& threshold : run.thresholds) look(threshold.threshold.metric);
  for (const plot::Mark& mark : view.marks) look(mark.text);
  for (const FunnelStep& step : view.funnel) look(step.name);
  for (const StepRow& step : view.steps) look(step.name);
  for (const ServerReport& server : run.servers) {
    look(server.name);
    for (const std::string& line : server.last_lines) look(line);
  }
  for (const FirstFailure& failure : run.first_failures) {
    look(failure.text);
    for (const ConversationLine& line : failure.conversation) look(line.content);
  }
}

RunView MakeRunView(const RunResult& result, const std::vector<ServerLine>& lines, bool is_over,
                    Language language) {
  RunView view;
  view.result = result;
  view.result.metrics = nullptr;
  view.is_over = is_over;
  view.language = language;
  view.marks = MarksOf(result, lines);
  view.has_metrics = result.metrics != nullptr && !result.metrics->timeline().spans().empty();
  if (!view.has_metrics) return view;
  const RunMetrics& metrics = *result.metrics;
  view.headline = HeadlineOf(metrics, is_over);
  view.funnel = FunnelOf(metrics);
  view.steps = StepsOf(result);
  view.incidents = FindIncidents(result);
  view.incident_text = ToPrintable(DescribeIncidents(result));
  view.points = PointsOf(metrics.timeline());
  view.bands = BandsOf(result, view.incidents);
  view.latencies = LatencyChoices(result, language);
  view.charts = ChartsOf(metrics, language);
  view.heat = HeatOf(metrics, language);
  return view;
}

}  // namespace stressbot
