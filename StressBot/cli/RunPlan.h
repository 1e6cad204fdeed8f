#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/cli/WatchedProcess.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Program.h"
#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/Threshold.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// Everything that is decided before a run begins. Its parts refer to each other, so it stays where
/// it was made.
struct RunPlan {
  RunPlan(const Scenario& scenario, std::size_t shard_count);
  RunPlan(const RunPlan&) = delete;
  RunPlan& operator=(const RunPlan&) = delete;

  Program program;            ///< its servers' addresses are filled in while preparing
  std::string scenario_hash;  ///< of the scenario file's bytes: "fnv1a64:..."
  std::size_t shards;
  MetricsCatalog catalog;
  EngineMetrics metrics;
  std::vector<Threshold> thresholds;
  std::vector<WatchedProcess> watched;   ///< of --watch-pid, as they were before the run
  std::optional<ScrapeMetrics> scraped;  ///< of --scrape
};

/// Takes what is wrong, or warned of, line by line.
using Tell = std::function<void(const std::string& line)>;
void TellOnTerminal(const std::string& line);  ///< on standard error

/// Loads and checks everything that can be known before anything starts: scenario, targets, limits
/// of this machine, thresholds, report files. Null when something is wrong; then all of it was
/// told.
std::unique_ptr<RunPlan> PrepareRun(const Options& options, const Tell& tell);

/// False, with a line for each, when a threshold names a series that this run does not have: it
/// could only ever say "no data". `options_known` is false where only the scenario is checked,
/// which cannot tell what the run's options will fill.
bool TellUnknownThresholds(const Scenario& scenario, const MetricsCatalog& catalog,
                           bool options_known, const Tell& tell);

/// The same for one threshold: empty when it has a series, otherwise a sentence.
std::string WhyWithoutSeries(const MetricsCatalog& catalog, const Threshold& threshold);

/// The cores; one less (but at least 1) when the server runs on this machine too.
std::size_t DefaultShards(unsigned cores, bool server_is_here);

}  // namespace stressbot
