#include "StressBot/cli/ResultBuilder.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace stressbot {

namespace {

double Minutes(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::ratio<60>>(time).count();
}

double MeanOf(const RunMetrics& metrics, GaugeId gauge) {
  const auto& points = metrics.gauge_points();
  double sum = 0;
  for (const auto& point : points) sum += point.values[gauge.index];
  return points.empty() ? 0 : sum / static_cast<double>(points.size());
}

double MaxOf(const RunMetrics& metrics, GaugeId gauge) {
  double most = 0;
  for (const auto& point : metrics.gauge_points()) most = std::max(most, point.values[gauge.index]);
  return most;
}

/// The steepness of the line through the points that errs least (least squares).
double GrowthPerMinute(const RunMetrics& metrics, GaugeId gauge) {
  const auto& points = metrics.gauge_points();
  if (points.size() < 2) return 0;
  const auto count = static_cast<double>(points.size());
  double mean_time = 0;
  for (const auto& point : points) mean_time += Minutes(point.at) / count;
  const double mean_value = MeanOf(metrics, gauge);
  double covariance = 0;
  double variance = 0;
  for (const auto& point : points) {
    const double away = Minutes(point.at) - mean_time;
    covariance += away * (point.values[gauge.index] - mean_value);
    variance += away * away;
  }
  return variance > 0 ? covariance / variance : 0;
}

/// Figures of a watched server in the measured part. Descriptors at their most: the last sample is
/// taken when the bots are about to leave.
void DescribeLoadOn(const WatchedServerMetrics& ids, const RunMetrics& metrics,
                    ServerReport& report) {
  if (metrics.gauge_points().empty()) return;
  const std::vector<double>& last = metrics.gauge_points().back().values;
  report.cpu_percent = MeanOf(metrics, ids.cpu);
  report.memory_bytes = last[ids.memory.index];
  report.memory_bytes_per_minute = GrowthPerMinute(metrics, ids.memory);
  report.threads = static_cast<int>(MaxOf(metrics, ids.threads));
  report.descriptors = static_cast<int>(MaxOf(metrics, ids.handles));
}

std::vector<ServerReport> DescribeServers(const RunPlan& plan, const RunMetrics* metrics,
                                          const ServerSupervisor* supervisor) {
  std::vector<ServerReport> reports;
  for (std::size_t i = 0; i < plan.program.servers.size(); ++i) {
    ServerReport report;
    report.name = plan.program.servers[i].name;
    report.target = plan.program.servers[i].target;
    if (supervisor != nullptr) supervisor->Describe(i, report);
    if (report.watched && metrics != nullptr) {
      DescribeLoadOn(plan.metrics.servers[i], *metrics, report);
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

GeneratorReport DescribeGenerator(const RunPlan& plan, const RunTraces& traces,
                                  const RunMetrics* metrics) {
  GeneratorReport report;
  report.shards = static_cast<int>(plan.shards);
  report.memory_bytes = static_cast<double>(traces.memory_bytes_peak);
  const double growth = report.memory_bytes - static_cast<double>(traces.memory_bytes_before);
  report.memory_bytes_per_bot = std::max(growth, 0.0) / std::max(plan.program.BotsMax(), 1U);
  if (metrics == nullptr) return report;
  for (const GaugeId gauge : plan.metrics.generator_cpu) {
    report.cpu_percent += MeanOf(*metrics, gauge);
    report.cpu_percent_max_shard = std::max(report.cpu_percent_max_shard, MaxOf(*metrics, gauge));
  }
  return report;
}

}  // namespace

RunResult BuildResult(const Options& options, const RunPlan& plan, const RunTraces& traces,
                      const RunMetrics* metrics, const ServerSupervisor* server) {
  RunResult result;
  result.scenario = plan.program.name;
  result.scenario_file = options.scenario_file;
  result.description = plan.program.description;
  result.tool_version = ToolVersion();
  result.started_at = traces.started_at;
  result.seed = plan.program.seed;
  result.bots_max = plan.program.BotsMax();
  result.duration = traces.duration;
  result.servers = DescribeServers(plan, metrics, server);
  result.generator = DescribeGenerator(plan, traces, metrics);
  result.events = traces.events;
  result.metrics = metrics;
  for (const FailureLog::Entry& entry : traces.failures) {
    result.first_failures.push_back({entry.metric, entry.text});
  }
  std::vector<std::string> saturation;
  if (metrics != nullptr) {
    result.thresholds = JudgeAll(plan.thresholds, *metrics);
    saturation = SaturationSigns(*metrics, traces.failures);
  }
  if (!options.saturation_fails) {
    for (std::string& sign : saturation)
      result.events.push_back({traces.duration, std::move(sign)});
    saturation.clear();
  }
  result.verdict = JudgeRun(traces.facts, saturation, result.thresholds);
  return result;
}

std::string IsoTime() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace stressbot
