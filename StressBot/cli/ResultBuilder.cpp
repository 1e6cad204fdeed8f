#include "StressBot/cli/ResultBuilder.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "StressBot/cli/TraceLines.h"
#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/metrics/SlopeFit.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/ProcessStats.h"

namespace stressbot {

namespace {

/// Figures of a watched server in the measured part. Descriptors at their most: the last sample is
/// taken when the bots are about to leave.
void DescribeLoadOn(const RunMetrics& metrics, ServerReport& report) {
  const Tags tags{{"server", report.name}};
  const GaugeCurve memory = CurveOf(metrics, "server_memory", tags);
  if (memory.empty()) return;
  report.cpu_percent = CurveOf(metrics, "server_cpu", tags).Mean();
  report.memory_bytes = memory.Last();
  if (const auto fit = FitSlope(memory)) report.memory_bytes_per_minute = fit->per_hour / 60;
  report.threads = static_cast<int>(CurveOf(metrics, "server_threads", tags).Max());
  report.descriptors = static_cast<int>(CurveOf(metrics, "server_handles", tags).Max());
}

/// The servers of the scenario, then whatever else is watched.
std::vector<ServerReport> DescribeServers(const RunPlan& plan, const RunTraces& traces,
                                          const RunMetrics* metrics,
                                          const ServerSupervisor* supervisor) {
  std::vector<ServerReport> reports;
  for (std::size_t i = 0; i < plan.program.servers.size(); ++i) {
    ServerReport report;
    report.name = plan.program.servers[i].name;
    report.target = plan.program.servers[i].target;
    if (supervisor != nullptr) supervisor->Describe(i, report);
    reports.push_back(std::move(report));
  }
  for (const WatchedProcess& process : traces.watched) {
    auto report = std::find_if(reports.begin(), reports.end(), [&process](const auto& each) {
      return each.name == process.name();
    });
    if (report == reports.end()) {
      report = reports.insert(reports.end(), ServerReport());
      report->name = process.name();
    }
    process.Describe(*report);
  }
  for (ServerReport& report : reports) {
    if (report.watched && metrics != nullptr) DescribeLoadOn(*metrics, report);
    if (report.watched && !report.alive && !traces.facts.server_complaint.empty())
      report.last_packets = traces.last_moments.PacketsOf(report.name);
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
  report.cpu_percent = CurveOf(*metrics, "generator_cpu", {}).Mean();
  for (int shard = 0; shard < report.shards; ++shard) {
    const GaugeCurve cpu = CurveOf(*metrics, "generator_cpu", {{"shard", std::to_string(shard)}});
    report.cpu_percent_max_shard = std::max(report.cpu_percent_max_shard, cpu.Max());
  }
  return report;
}

}  // namespace

RunResult BuildResult(const Options& options, const RunPlan& plan, const RunTraces& traces,
                      const RunMetrics* metrics, const ServerSupervisor* server) {
  RunResult result;
  result.scenario = plan.program.name;
  result.scenario_file = options.scenario_file;
  result.scenario_hash = plan.scenario_hash;
  result.options = options.changes;
  result.description = plan.program.description;
  result.tool_version = ToolVersion();
  result.started_at = traces.started_at;
  result.seed = plan.program.seed;
  result.bots_max = plan.program.BotsMax();
  result.duration = traces.duration;
  result.planned_duration = plan.program.LoadDuration();
  result.warmup = plan.program.warmup;
  result.changed_by_hand = traces.changed_by_hand;
  result.machine = {UsableCores(), SystemName()};
  result.servers = DescribeServers(plan, traces, metrics, server);
  result.generator = DescribeGenerator(plan, traces, metrics);
  result.pauses = traces.pauses;
  result.events = traces.events;
  result.metrics = metrics;
  for (const FailureLog::Entry& entry : traces.failures) {
    result.first_failures.push_back(
        {entry.metric, entry.at, entry.text, LinesOf(entry.conversation, plan.program)});
  }
  std::vector<std::string> saturation;
  if (metrics != nullptr) {
    result.thresholds = traces.thresholds;
    saturation = SaturationSigns(*metrics, traces.busy_shards, traces.failures);
    result.generator.saturation = saturation;
  }
  if (!options.saturation_fails) {
    for (std::string& sign : saturation)
      result.events.push_back({traces.duration, std::move(sign), {}});
    saturation.clear();
  }
  result.verdict = JudgeRun(traces.facts, saturation, result.thresholds);
  return result;
}

std::string IsoTime() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace stressbot
