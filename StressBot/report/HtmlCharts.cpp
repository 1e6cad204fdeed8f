#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencyCharts.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

namespace {

using Json = nlohmann::ordered_json;
using Indexes = ChartColumns::Indexes;

/// One chart; series without data are left out, and so is a chart without series.
class Chart {
 public:
  Chart(std::string_view id, std::string_view title, std::string_view unit, std::string_view kind)
      : json_{{"id", id}, {"title", title}, {"unit", unit}, {"kind", kind}} {}
  /// `color` is a place in the page's palette; without it the page chooses.
  void Add(std::string_view name, Json values, std::optional<int> color = std::nullopt) {
    if (values.is_null()) return;
    if (color) values["color"] = *color;
    values["name"] = ToPrintable(name);
    series_.push_back(std::move(values));
  }
  /// What the names mean, under the chart.
  void Explain(std::string_view what) { json_["note"] = what; }
  /// Folded away: who looks for the cause of a failure seldom needs it.
  void Fold() { json_["folded"] = true; }
  void AddTo(Json& charts) {
    if (series_.empty()) return;
    json_["choices"] = Json::array({Json{{"name", ""}, {"series", std::move(series_)}}});
    charts.push_back(std::move(json_));
  }

 private:
  Json json_;
  Json series_ = Json::array();
};

/// The charts but those of latencies.
class Charts {
 public:
  Charts(const RunMetrics& metrics, const ChartColumns& columns, Json& list)
      : metrics_(metrics), columns_(columns), list_(list) {}

  /// What tells a server that stands still from one that is busy, and both from a slow network:
  /// beside the latencies.
  void AddCauses() {
    AddFunnel();
    AddCpu();
  }
  void AddOthers() {
    AddErrors();
    AddTraffic();
    AddBots();
    AddMemory();
    AddHandles();
    AddScraped();
    AddLateness();
  }

 private:
  Indexes Find(std::string_view metric, const Tags& tags = {}) const {
    return FindSeries(metrics_.catalog(), metric, tags).indexes;
  }
  /// The values that a tag of a metric takes, in the order in which they were registered.
  std::vector<std::string> ValuesOf(std::string_view metric, MetricKind kind,
                                    std::string_view tag) const {
    std::vector<std::string> values;
    for (const Series& series : metrics_.catalog().OfKind(kind)) {
      const std::string value(TagOf(series.tags, tag));
      if (series.metric != metric || value.empty()) continue;
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values;
  }

  /// The step in which most bots ever waited has the loudest colour: there they are stuck.
  void AddFunnel() {
    constexpr int kGrey = 8;
    constexpr int kLoud = 1;
    constexpr std::array kQuiet{0, 5, 2, 6, 9, 4};
    Chart funnel("funnel", "Active bots by the step in which they wait", "count", "area");
    const std::vector<std::string> steps = ValuesOf("bots", MetricKind::kGauge, "step");
    std::string busiest;
    double most = 0;
    for (const std::string& step : steps) {
      const double waiting = step == "-" ? 0 : MostIn(Find("bots", {{"step", step}}));
      if (waiting <= most) continue;
      most = waiting;
      busiest = step;
    }
    std::size_t place = 0;
    for (const std::string& step : steps) {
      const int color = step == "-"       ? kGrey
                        : step == busiest ? kLoud
                                          : kQuiet[place++ % kQuiet.size()];
      funnel.Add(step == "-" ? "between steps" : step,
                 columns_.Gauges(Find("bots", {{"step", step}})), color);
    }
    funnel.AddTo(list_);
  }
  /// The greatest value that a gauge, the sum of its series, had at the end of a point.
  double MostIn(const Indexes& indexes) const {
    double most = 0;
    for (std::size_t i = 0; i < metrics_.timeline().spans().size(); ++i) {
      double sum = 0;
      for (const std::uint32_t index : indexes)
        sum += metrics_.timeline().gauge(GaugeId{index}).At(i).last;
      most = std::max(most, sum);
    }
    return most;
  }

  void AddBots() {
    Chart chart("bots", "Bots by state", "count", "area");
    for (const std::string& state : ValuesOf("bots", MetricKind::kGauge, "state")) {
      chart.Add(state, columns_.Gauges(Find("bots", {{"state", state}})));
    }
    chart.Explain(
        "dormant: not begun yet, or done; ending: its connections are being closed; away: between "
        "two "
        "visits");
    chart.Fold();
    chart.AddTo(list_);
  }

  /// How many did not pass, or did where that is the failure.
  Json Failures(const Indexes& indexes, bool passed_is_failure) const {
    return columns_.PerSecond([&](std::size_t span) {
      std::uint64_t sum = 0;
      for (const std::uint32_t index : indexes) {
        const MetricsFrame::RateCount rate = metrics_.timeline().rate(RateId{index}).At(span);
        sum += passed_is_failure ? rate.passed : rate.total - rate.passed;
      }
      return sum;
    });
  }

  void AddErrors() {
    Chart chart("errors", "Errors by kind, a second", "rate", "stack");
    for (const std::string& reason : ValuesOf("requests_failed", MetricKind::kRate, "reason")) {
      chart.Add("request: " + reason,
                Failures(Find("requests_failed", {{"reason", reason}}), true));
    }
    if (ValuesOf("requests_failed", MetricKind::kRate, "reason").empty())
      chart.Add("request failed", Failures(Find("requests_failed"), true));
    chart.Add("check failed", Failures(Find("checks"), false));
    chart.Add("connect failed", Failures(Find("connects_failed"), true));
    chart.Add("bot dropped", columns_.Counters(Find("bots_dropped")));
    chart.Add("drop, excused", columns_.Counters(Find("drops_excused")));
    chart.Add("connect, excused", columns_.Counters(Find("connects_excused")));
    chart.Add("request never sent", columns_.Counters(Find("requests_omitted")));
    chart.Add("no free bot", columns_.Counters(Find("dropped_iterations")));
    chart.Add("packet invalid", columns_.Counters(Find("packets_invalid")));
    chart.Add("reply too late", columns_.Counters(Find("packets_late")));
    chart.Add("not delivered", Failures(Find("fanout_delivered"), false));
    chart.AddTo(list_);
  }

  void AddTraffic() {
    Chart packets("packets", "Packets a second", "rate", "line");
    packets.Add("out", columns_.Flow(Find("packets_sent")));
    packets.Add("in", columns_.Flow(Find("packets_received")));
    packets.AddTo(list_);
    Chart bytes("bytes", "Bytes a second", "bytes_rate", "line");
    bytes.Add("out", columns_.Flow(Find("data_sent")));
    bytes.Add("in", columns_.Flow(Find("data_received")));
    bytes.Fold();
    bytes.AddTo(list_);
  }

  void AddServers(Chart& chart, std::string_view metric, std::string_view what = "server") const {
    for (const std::string& server : ValuesOf(metric, MetricKind::kGauge, "server")) {
      chart.Add(std::string(what) + " " + server,
                columns_.Gauges(Find(metric, {{"server", server}})));
    }
  }
  void AddCpu() {
    Chart chart("cpu", "CPU, of one core", "percent", "line");
    AddServers(chart, "server_cpu");
    chart.Add("stressbot", columns_.Gauges(Find("generator_cpu")));
    chart.AddTo(list_);
  }
  void AddMemory() {
    Chart chart("memory", "Memory", "bytes", "line");
    AddServers(chart, "server_memory");
    chart.Add("stressbot", columns_.Gauges(Find("generator_memory")));
    chart.Fold();
    chart.AddTo(list_);
  }

  /// Handles are counted where a second ends, for the load's last second when the bots leave: a
  /// fall that is no news.
  void AddHandles() {
    Chart chart("handles", "Handles and threads of servers", "count", "line");
    for (const std::string& server : ValuesOf("server_handles", MetricKind::kGauge, "server")) {
      Json values = columns_.Gauges(Find("server_handles", {{"server", server}}));
      for (auto& [name, list] : values.items()) {
        for (std::size_t i = columns_.LastOfLoad(); i > 0 && i < list.size(); ++i) list[i] = Json();
      }
      chart.Add("handles of " + server, std::move(values));
    }
    AddServers(chart, "server_threads", "threads of");
    chart.Fold();
    chart.AddTo(list_);
  }

  void AddScraped() {
    std::size_t number = 0;
    for (const std::string& series : ValuesOf("scraped", MetricKind::kGauge, "series")) {
      const bool is_bytes = series.substr(0, series.find('{')).ends_with("_bytes");
      Chart chart("scraped-" + std::to_string(number++), "Scraped: " + ToPrintable(series),
                  is_bytes ? "bytes" : "count", "line");
      chart.Add(series, columns_.Gauges(Find("scraped", {{"series", series}})));
      chart.AddTo(list_);
    }
  }

  void AddLateness() {
    const Indexes indexes = Find("generator_lateness");
    if (indexes.empty()) return;
    ChartColumns::Trends trends = columns_.Merged(indexes);
    Chart chart("lateness", "How late StressBot's own timers ran", "ms", "log");
    chart.Add("p50", Json{{"v", std::move(trends.values[TrendPoint::kP50])}});
    chart.Add("p99", Json{{"v", std::move(trends.values[TrendPoint::kP99])}});
    chart.Add("max", Json{{"v", std::move(trends.values[TrendPoint::kMax])}});
    chart.Fold();
    chart.AddTo(list_);
  }

  const RunMetrics& metrics_;
  const ChartColumns& columns_;
  Json& list_;
};

/// From when to when the load was measured, in s; null when it never was.
Json MeasuredOf(const Timeline& timeline) {
  Json stretch;
  for (const Timeline::Span& span : timeline.spans()) {
    if (span.phase != Phase::kLoad) continue;
    if (stretch.is_null()) stretch = Json::array({SecondsOf(span.from), 0});
    stretch[1] = SecondsOf(span.to);
  }
  return stretch;
}

Json EventsOf(const RunResult& result) {
  Json list = Json::array();
  for (const RunEvent& event : result.events) {
    Json json{{"at", SecondsOf(event.at)}, {"text", ToPrintable(event.text)}};
    if (event.excused_until) json["until"] = SecondsOf(*event.excused_until);
    list.push_back(std::move(json));
  }
  return list;
}

/// To be tinted in every chart; in "silent" not a single reply came.
Json IncidentsOf(const RunResult& result) {
  Json list = Json::array();
  for (const Incident& incident : FindIncidents(result)) {
    Json json{{"from", SecondsOf(incident.from)}, {"to", SecondsOf(incident.to)}};
    if (incident.silence() > std::chrono::nanoseconds::zero())
      json["silent"] = {SecondsOf(incident.silent_from), SecondsOf(incident.silent_to)};
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

Json ChartsJson(const RunResult& result) {
  const RunMetrics& metrics = *result.metrics;
  const ChartColumns columns(metrics.timeline());
  Json json{{"from", columns.FromSeconds()},
            {"to", columns.ToSeconds()},
            {"measured", MeasuredOf(metrics.timeline())},
            {"events", EventsOf(result)},
            {"incidents", IncidentsOf(result)}};
  json["charts"] = Json::array();
  Charts others(metrics, columns, json["charts"]);
  AddLatencyChart(result, columns, json["charts"]);
  others.AddCauses();
  AddHeatChart(metrics, columns, json["charts"]);
  others.AddOthers();
  return json;
}

}  // namespace stressbot::html
