#pragma once
#include <string>
#include <vector>

#include "StressBot/cli/BusyShards.h"
#include "StressBot/engine/FailureLog.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/metrics/Threshold.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// What happened beside the numbers; an empty text: it did not.
struct RunFacts {
  std::string could_not_begin;
  std::string internal_error;
  std::string server_complaint;  ///< the watched server died or crashed
  std::string nothing_worked;
  std::string interrupted;
  std::string aborted;
  std::string
      target_lost;  ///< it had worked, then the server was gone; we did not watch its process
};

/// All reasons in the order of their precedence; which one decides is Verdict's.
Verdict JudgeRun(const RunFacts& facts, const std::vector<std::string>& saturation,
                 const std::vector<ThresholdResult>& thresholds);

/// Signs that this machine was the bottleneck of the measured part: late timers, a busy shard,
/// connects that failed for want of local ports or descriptors. A sentence each.
std::vector<std::string> SaturationSigns(const RunMetrics& metrics, const BusyShards& busy,
                                         const std::vector<FailureLog::Entry>& failures);

}  // namespace stressbot
