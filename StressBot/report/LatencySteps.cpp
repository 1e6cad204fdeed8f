#include "StressBot/report/LatencySteps.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "StressBot/report/SummaryParts.h"

namespace stressbot {

namespace {

std::string NameOfTrend(const MetricsCatalog& catalog, const Series& series) {
  if (series.metric == "request_duration") return summary::StepName(catalog, series);
  if (series.metric == "connect_duration") return "connect";
  if (series.metric == "recovery_duration") return "recovery after a drop";
  if (series.metric == "fanout_delay")
    return "fan-out of " + std::string(TagOf(series.tags, "step"));
  return {};
}

bool HasFailed(const RunResult& result, const LatencyStep& step) {
  return std::any_of(
      result.thresholds.begin(), result.thresholds.end(), [&](const ThresholdResult& threshold) {
        return !threshold.passed && Concerns(threshold.threshold, result.metrics->catalog(), step);
      });
}

}  // namespace

bool Concerns(const Threshold& threshold, const MetricsCatalog& catalog, const LatencyStep& step) {
  if (!threshold.InNanoseconds()) return false;
  const SeriesMatch match = FindSeries(catalog, threshold.metric, threshold.tags);
  return match.kind == MetricKind::kTrend &&
         std::find_first_of(match.indexes.begin(), match.indexes.end(), step.trends.begin(),
                            step.trends.end()) != match.indexes.end();
}

std::vector<LatencyStep> LatencySteps(const RunResult& result) {
  const MetricsCatalog& catalog = result.metrics->catalog();
  std::vector<LatencyStep> steps;
  for (std::uint32_t i = 0; i < catalog.trends().size(); ++i) {
    std::string name = NameOfTrend(catalog, catalog.trends()[i]);
    const std::uint64_t count = result.metrics->whole().trend(TrendId{i}).count();
    if (name.empty() || count == 0) continue;
    auto step = std::find_if(steps.begin(), steps.end(),
                             [&name](const LatencyStep& other) { return other.name == name; });
    if (step == steps.end()) step = steps.insert(step, LatencyStep{std::move(name), 0, false, {}});
    step->count += count;
    step->trends.push_back(i);
  }
  for (LatencyStep& step : steps) step.has_failed = HasFailed(result, step);
  std::stable_sort(steps.begin(), steps.end(), [](const LatencyStep& a, const LatencyStep& b) {
    return a.has_failed != b.has_failed ? a.has_failed : a.count > b.count;
  });
  return steps;
}

}  // namespace stressbot
