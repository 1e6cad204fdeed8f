#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonSeries.h"
#include "StressBot/report/JsonValues.h"

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

/// One value of each of `items`, as a list.
template <typename Items, typename Value>
Json ListOf(const Items& items, Value&& value) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(value(item));
  return list;
}

Json ColumnOf(const Timeline::Counters& column) {
  return {{"first", column.first}, {"counts", column.points}};
}

Json ColumnOf(const Timeline::Rates& column) {
  return {{"first", column.first},
          {"passed", ListOf(column.points, [](const auto& point) { return point.passed; })},
          {"total", ListOf(column.points, [](const auto& point) { return point.total; })}};
}

/// Least, greatest and mean are told only where intervals were merged: else they are the last.
Json ColumnOf(const Timeline::Gauges& column, bool is_merged) {
  const auto list = [&column](double GaugePoint::*value) {
    return ListOf(column.points, [value](const GaugePoint& point) { return point.*value; });
  };
  Json json{{"first", column.first}, {"last", list(&GaugePoint::last)}};
  if (!is_merged) return json;
  json["min"] = list(&GaugePoint::min);
  json["max"] = list(&GaugePoint::max);
  json["mean"] = list(&GaugePoint::mean);
  return json;
}

/// Row, count, row, count ...
Json HeatJson(const TrendPoint& point) {
  Json cells = Json::array();
  for (const HeatCell& cell : point.heat) {
    cells.push_back(cell.row());
    cells.push_back(cell.count());
  }
  return cells;
}

Json ColumnOf(const Timeline::Trends& column) {
  Json json{{"first", column.first},
            {"count", ListOf(column.points, [](const TrendPoint& point) { return point.count; })}};
  for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
    json[std::string(kTrendPointNames[i]) + "_ms"] =
        ListOf(column.points, [i](const TrendPoint& point) -> Json {
          return point.count == 0 ? Json() : Json(MillisecondsOf(point.values_ns[i]));
        });
  }
  const auto has_bound = [](const TrendPoint& point) {
    return point.lower_bound_from < TrendPoint::kValues;
  };
  if (std::any_of(column.points.begin(), column.points.end(), has_bound)) {
    json["lower_bound_from"] = ListOf(column.points, [&](const TrendPoint& point) -> Json {
      return has_bound(point) ? Json(kTrendPointNames[point.lower_bound_from]) : Json();
    });
  }
  json["heat"] = ListOf(column.points, HeatJson);
  return json;
}

bool IsMerged(const Timeline& timeline) {
  return std::any_of(timeline.spans().begin(), timeline.spans().end(),
                     [](const Timeline::Span& span) { return span.intervals > 1; });
}

}  // namespace

Json TimelineJson(const Timeline& timeline) {
  const std::vector<Timeline::Span>& spans = timeline.spans();
  Json json{{"from_s", ListOf(spans, [](const auto& span) { return SecondsOf(span.from); })},
            {"to_s", ListOf(spans, [](const auto& span) { return SecondsOf(span.to); })},
            {"phase", ListOf(spans, [](const auto& span) {
               return kPhaseNames[static_cast<std::size_t>(span.phase)];
             })}};
  if (IsMerged(timeline)) {
    json["intervals"] = ListOf(spans, [](const auto& span) { return span.intervals; });
    json["mean_to_s"] = ListOf(spans, [](const auto& span) { return SecondsOf(span.mean_to); });
  }
  Json rows = Json::array();
  for (std::size_t row = 0; row < kHeatRows; ++row) {
    rows.push_back(MillisecondsOf(HeatLowestOf(row)));
  }
  json["heat_rows_ms"] = std::move(rows);
  return json;
}

Json ColumnJson(const Timeline& timeline, MetricKind kind, std::uint32_t index) {
  const auto json_of = [](const auto& column) {
    return column.empty() ? Json() : ColumnOf(column);
  };
  switch (kind) {
    case MetricKind::kTrend:
      return json_of(timeline.trend(TrendId{index}));
    case MetricKind::kCounter:
      return json_of(timeline.counter(CounterId{index}));
    case MetricKind::kRate:
      return json_of(timeline.rate(RateId{index}));
    case MetricKind::kGauge:
      break;
  }
  const Timeline::Gauges& gauges = timeline.gauge(GaugeId{index});
  return gauges.empty() ? Json() : ColumnOf(gauges, IsMerged(timeline));
}

}  // namespace stressbot
