#include "StressBot/report/LatencyCharts.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencySteps.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

namespace {

using Json = nlohmann::ordered_json;
using Indexes = ChartColumns::Indexes;

constexpr std::size_t kStepsMax = 8;  ///< else pages would grow with scenarios

Json LimitsOf(const RunResult& result, const LatencyStep& step) {
  Json list = Json::array();
  for (const ThresholdResult& threshold : result.thresholds) {
    if (!Concerns(threshold.threshold, result.metrics->catalog(), step)) continue;
    list.push_back({{"name", ToPrintable(threshold.threshold.expression)},
                    {"value", ChartNumber(MillisecondsOf(threshold.threshold.limit))},
                    {"passed", threshold.passed}});
  }
  return list;
}

Json ChoiceOf(const RunResult& result, const ChartColumns& columns, const LatencyStep& step) {
  ChartColumns::Trends trends = columns.Merged(step.trends);
  Json choice{{"name", ToPrintable(step.name)}, {"series", Json::array()}};
  for (std::size_t i = 0; i < TrendPoint::kMax; ++i) {
    choice["series"].push_back({{"name", kTrendPointNames[i]}, {"v", std::move(trends.values[i])}});
  }
  if (!trends.lower_bound_from.is_null()) choice["at_least"] = std::move(trends.lower_bound_from);
  choice["limits"] = LimitsOf(result, step);
  return choice;
}

/// Only the rows between the least and the greatest that has any.
Json HeatOf(const ChartColumns& columns, const Indexes& indexes) {
  const ChartColumns::Trends trends = columns.Merged(indexes);
  std::size_t first = kHeatRows;
  std::size_t last = 0;
  for (const TrendPoint& point : trends.points) {
    for (const HeatCell& cell : point.heat) {
      first = std::min(first, cell.row());
      last = std::max(last, cell.row());
    }
  }
  if (first > last) return {};
  Json edges = Json::array();
  for (std::size_t row = first; row <= last + 1; ++row)
    edges.push_back(ChartNumber(MillisecondsOf(HeatLowestOf(std::min(row, kHeatRows - 1)))));
  Json cells = Json::array();
  for (const TrendPoint& point : trends.points) {
    Json column = Json::array();
    for (const HeatCell& cell : point.heat) {
      column.push_back(cell.row() - first);
      column.push_back(cell.count());
    }
    cells.push_back(std::move(column));
  }
  return {{"edges", std::move(edges)}, {"cells", std::move(cells)}};
}

}  // namespace

void AddLatencyChart(const RunResult& result, const ChartColumns& columns, Json& charts) {
  Json choices = Json::array();
  std::vector<LatencyStep> steps = LatencySteps(result);
  if (steps.size() > kStepsMax) steps.resize(kStepsMax);
  for (const LatencyStep& step : steps) choices.push_back(ChoiceOf(result, columns, step));
  if (choices.empty()) return;
  charts.push_back({{"id", "latency"},
                    {"title", "Latency, from when due"},
                    {"unit", "ms"},
                    {"kind", "log"},
                    {"choices", std::move(choices)}});
}

void AddHeatChart(const RunMetrics& metrics, const ChartColumns& columns, Json& charts) {
  const SeriesMatch requests = FindSeries(metrics.catalog(), "request_duration", {});
  Json heat = HeatOf(columns, requests.indexes);
  if (heat.is_null()) return;
  charts.push_back({{"id", "heat"},
                    {"title", "Latencies of all requests"},
                    {"unit", "ms"},
                    {"kind", "heat"},
                    {"heat", std::move(heat)}});
}

}  // namespace stressbot::html
