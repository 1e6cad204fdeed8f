#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "StressBot/report/ChartColumns.h"
#include "StressBot/report/ChartSpecs.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencyCharts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> kUnits{"count",      "rate",    "bytes",
                                            "bytes_rate", "percent", "ms"};
constexpr std::array<const char*, 4> kKinds{"line", "area", "stack", "log"};

/// The charts but those of latencies. What has no data is left out.
class Charts {
 public:
  Charts(const RunMetrics& metrics, const ChartColumns& columns)
      : metrics_(metrics), columns_(columns), specs_(ChartSpecs(metrics)) {}

  void AddTo(Json& list, bool causes) const {
    for (const ChartSpec& spec : specs_) {
      if (spec.is_cause == causes) Add(spec, list);
    }
  }

 private:
  void Add(const ChartSpec& spec, Json& list) const {
    Json series = Json::array();
    for (const ChartSeries& line : spec.lines) {
      Json values = ValuesOf(line.source);
      if (values.is_null()) continue;
      if (spec.ends_with_load) EndWithLoad(values);
      if (line.color) values["color"] = *line.color;
      values["name"] = ToPrintable(line.name);
      series.push_back(std::move(values));
    }
    if (series.empty()) return;
    Json json{{"id", spec.id},
              {"title", spec.title},
              {"unit", kUnits[static_cast<std::size_t>(spec.unit)]},
              {"kind", kKinds[static_cast<std::size_t>(spec.kind)]}};
    if (!spec.note.empty()) json["note"] = spec.note;
    if (spec.is_secondary) json["folded"] = true;
    json["choices"] = Json::array({Json{{"name", ""}, {"series", std::move(series)}}});
    list.push_back(std::move(json));
  }

  Json ValuesOf(const ChartSource& source) const {
    switch (source.kind) {
      case ChartSource::Kind::kCounters:
        return columns_.Counters(source.indexes);
      case ChartSource::Kind::kFlow:
        return columns_.Flow(source.indexes);
      case ChartSource::Kind::kPassed:
      case ChartSource::Kind::kNotPassed:
        return columns_.PerSecond(
            [&](std::size_t span) { return CountAt(metrics_.timeline(), source, span); });
      case ChartSource::Kind::kGauges:
        return columns_.Gauges(source.indexes);
      case ChartSource::Kind::kTrends:
        break;
    }
    if (source.indexes.empty()) return {};
    ChartColumns::Trends trends = columns_.Merged(source.indexes);
    return Json{{"v", std::move(trends.values[source.value])}};
  }

  void EndWithLoad(Json& values) const {
    for (auto& [name, list] : values.items()) {
      for (std::size_t i = columns_.LastOfLoad(); i > 0 && i < list.size(); ++i) list[i] = Json();
    }
  }

  const RunMetrics& metrics_;
  const ChartColumns& columns_;
  const std::vector<ChartSpec> specs_;
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

Json PausesOf(const RunResult& result) {
  Json list = Json::array();
  for (const LoadPause& pause : result.pauses)
    list.push_back({{"from", SecondsOf(pause.from)}, {"to", SecondsOf(pause.to)}});
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
            {"pauses", PausesOf(result)},
            {"incidents", IncidentsOf(result)}};
  json["charts"] = Json::array();
  const Charts others(metrics, columns);
  AddLatencyChart(result, columns, json["charts"]);
  others.AddTo(json["charts"], true);
  AddHeatChart(metrics, columns, json["charts"]);
  others.AddTo(json["charts"], false);
  return json;
}

}  // namespace stressbot::html
