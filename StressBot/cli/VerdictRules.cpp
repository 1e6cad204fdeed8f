#include "StressBot/cli/VerdictRules.h"

#include <algorithm>

#include "StressBot/metrics/Format.h"

namespace stressbot {

namespace {

constexpr std::chrono::seconds kBusyFor{5};

void AddLateness(const RunMetrics& metrics, std::vector<std::string>& signs) {
  const Histogram late =
      Select(metrics.catalog(), metrics.measured(), "generator_lateness", {}).trend;
  const auto p99 = static_cast<double>(late.Percentile(99));
  if (late.empty() || p99 <= GeneratorReport::kLatenessMaxNs) return;
  signs.push_back("the generator was the bottleneck: its timers ran late, p99 " +
                  FormatLatency(p99) + " (at most 10 ms): run fewer bots, or more machines");
}

void AddBusyShards(const BusyShards& busy, std::vector<std::string>& signs) {
  for (const BusyShards::Stretch& stretch : busy.stretches()) {
    if (stretch.longest < kBusyFor) continue;
    signs.push_back("the generator was the bottleneck: shard " + stretch.shard +
                    " used over 95 % CPU for " + FormatSpan(stretch.longest) +
                    ": more --shards if cores are free, or fewer bots");
  }
}

/// The engine logs what our own ports and descriptors refused.
void AddLocalFailures(const std::vector<FailureLog::Entry>& failures,
                      std::vector<std::string>& signs) {
  for (const FailureLog::Entry& failure : failures) {
    if (failure.metric != "generator_limited") continue;
    signs.push_back("the generator was the bottleneck, out of local ports or descriptors: " +
                    failure.text + "; give --source-addresses, raise ulimit -n, or run fewer bots");
    return;
  }
}

}  // namespace

std::vector<std::string> SaturationSigns(const RunMetrics& metrics, const BusyShards& busy,
                                         const std::vector<FailureLog::Entry>& failures) {
  std::vector<std::string> signs;
  AddLateness(metrics, signs);
  AddBusyShards(busy, signs);
  AddLocalFailures(failures, signs);
  return signs;
}

Verdict JudgeRun(const RunFacts& facts, const std::vector<std::string>& saturation,
                 const std::vector<ThresholdResult>& thresholds) {
  Verdict verdict;
  const auto add = [&verdict](ExitCode code, const std::string& text) {
    if (!text.empty()) verdict.reasons.push_back({code, text});
  };
  add(ExitCode::kCouldNotBegin, facts.could_not_begin);
  add(ExitCode::kInternalError, facts.internal_error);
  add(ExitCode::kServerDied, facts.server_complaint);
  add(ExitCode::kNothingWorked, facts.nothing_worked);
  for (const std::string& sign : saturation) add(ExitCode::kGeneratorLimited, sign);
  add(ExitCode::kInterrupted, facts.interrupted);
  add(ExitCode::kAborted, facts.aborted);
  // Even without thresholds: a run that was cut short has not passed.
  add(ExitCode::kThresholdFailed, facts.target_lost);
  verdict.AddThresholds(thresholds);
  return verdict;
}

}  // namespace stressbot
