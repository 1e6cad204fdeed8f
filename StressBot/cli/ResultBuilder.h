#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/cli/BusyShards.h"
#include "StressBot/cli/LastMoments.h"
#include "StressBot/cli/Options.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/VerdictRules.h"
#include "StressBot/engine/FailureLog.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// What a run left behind beside its metrics.
struct RunTraces {
  RunFacts facts;
  LastMoments last_moments;
  BusyShards busy_shards;
  std::vector<LoadPause> pauses;
  std::vector<RunEvent> events;
  std::vector<FailureLog::Entry> failures;
  std::vector<ThresholdResult> thresholds;
  std::vector<WatchedProcess> watched;  ///< of --watch-pid
  bool changed_by_hand = false;
  std::string started_at;  ///< ISO 8601, UTC
  std::chrono::nanoseconds duration{};
  std::uint64_t memory_bytes_before = 0;
  std::uint64_t memory_bytes_peak = 0;
};

/// Puts together what reports need and judges the run. `metrics` is null when nothing was started,
/// `server` without --server.
RunResult BuildResult(const Options& options, const RunPlan& plan, const RunTraces& traces,
                      const RunMetrics* metrics, const ServerSupervisor* server);

/// The time now as 2026-01-31T12:00:00Z.
std::string IsoTime();

}  // namespace stressbot
