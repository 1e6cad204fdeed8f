#pragma once
#include <optional>
#include <string>
#include <vector>

#include "StressBot/analysis/CapacitySearch.h"
#include "StressBot/metrics/Threshold.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

struct CapacityProbe {
  ProbeResult result;
  std::uint64_t seed = 0;
  std::optional<double> measured;  ///< of the first condition, in the unit of its limit
  std::string text;                ///< what it came to, or why it did not hold: for people
};

/// A search, over or not.
struct CapacityRun {
  std::string scenario;
  std::string varied;  ///< "players"
  std::vector<Threshold> holds;
  SearchRange range;
  std::optional<std::uint64_t> at_least;
  std::vector<CapacityProbe> probes;
  bool interrupted = false;

  Capacity Found() const;
  /// kThresholdFailed when at_least was not reached, or when nothing held; kGeneratorLimited when
  /// the generator gave in before at_least; kInterrupted after Ctrl-C.
  ExitCode code() const;
};

/// "chat_rtt p(99)<100ms and bots_dropped count==0".
std::string ConditionsOf(const CapacityRun& run);
/// The last probe in a line, as soon as it is over.
std::string FormatLastProbe(const CapacityRun& run);
/// "4,375 players hold, 4,500 do not. ..."
std::string CapacitySentence(const CapacityRun& run);
/// For people: the curve of the first condition over the values, its limit marked, and what it
/// comes to.
std::string FormatCapacity(const CapacityRun& run);
/// The same in GitHub's Markdown.
std::string CapacityMarkdown(const CapacityRun& run);
/// Everything, schema "stressbot-capacity/1" (docs/REPORTS.md).
std::string CapacityJson(const CapacityRun& run);

}  // namespace stressbot
