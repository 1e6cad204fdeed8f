#include "StressBot/report/LatencyCharts.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

namespace {

using Json = nlohmann::ordered_json;
using Indexes = ChartColumns::Indexes;

constexpr std::size_t kStepsMax = 8;  ///< else pages would grow with scenarios

/// A line of the table of latencies, over time.
struct Step {
  std::string name;
  std::uint64_t count = 0;
  bool has_failed = false;
  Indexes indexes;
};

std::string NameOfTrend(const MetricsCatalog& catalog, const Series& series) {
  if (series.metric == "request_duration") return summary::StepName(catalog, series);
  if (series.metric == "connect_duration") return "connect";
  if (series.metric == "recovery_duration") return "recovery after a drop";
  if (series.metric == "fanout_delay")
    return "fan-out of " + std::string(TagOf(series.tags, "step"));
  return {};
}

bool Concerns(const Threshold& threshold, const MetricsCatalog& catalog, const Indexes& indexes) {
  if (!threshold.InNanoseconds()) return false;
  const SeriesMatch match = FindSeries(catalog, threshold.metric, threshold.tags);
  return match.kind == MetricKind::kTrend &&
         std::find_first_of(match.indexes.begin(), match.indexes.end(), indexes.begin(),
                            indexes.end()) != match.indexes.end();
}

bool HasFailed(const RunResult& result, const Step& step) {
  return std::any_of(
      result.thresholds.begin(), result.thresholds.end(), [&](const ThresholdResult& threshold) {
        return !threshold.passed &&
               Concerns(threshold.threshold, result.metrics->catalog(), step.indexes);
      });
}

/// Those with data; first the ones that failed, then the most frequent.
std::vector<Step> StepsOf(const RunResult& result) {
  const MetricsCatalog& catalog = result.metrics->catalog();
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < catalog.trends().size(); ++i) {
    const std::string name = NameOfTrend(catalog, catalog.trends()[i]);
    const std::uint64_t count = result.metrics->whole().trend(TrendId{i}).count();
    if (name.empty() || count == 0) continue;
    auto step = std::find_if(steps.begin(), steps.end(),
                             [&name](const Step& other) { return other.name == name; });
    if (step == steps.end()) step = steps.insert(step, Step{name, 0, false, {}});
    step->count += count;
    step->indexes.push_back(i);
  }
  for (Step& step : steps) step.has_failed = HasFailed(result, step);
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.has_failed != b.has_failed ? a.has_failed : a.count > b.count;
  });
  if (steps.size() > kStepsMax) steps.resize(kStepsMax);
  return steps;
}

Json LimitsOf(const RunResult& result, const Step& step) {
  Json list = Json::array();
  for (const ThresholdResult& threshold : result.thresholds) {
    if (!Concerns(threshold.threshold, result.metrics->catalog(), step.indexes)) continue;
    list.push_back({{"name", ToPrintable(threshold.threshold.expression)},
                    {"value", ChartNumber(MillisecondsOf(threshold.threshold.limit))},
                    {"passed", threshold.passed}});
  }
  return list;
}

Json ChoiceOf(const RunResult& result, const ChartColumns& columns, const Step& step) {
  ChartColumns::Trends trends = columns.Merged(step.indexes);
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
  for (const Step& step : StepsOf(result)) choices.push_back(ChoiceOf(result, columns, step));
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
