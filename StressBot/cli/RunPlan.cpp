#include "StressBot/cli/RunPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>

#include "StressBot/cli/CheckCommand.h"
#include "StressBot/cli/EventText.h"
#include "StressBot/cli/Preflight.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/TargetResolver.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/system/ProcessStats.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

std::vector<Threshold> ThresholdsOf(const Scenario& scenario) {
  if (!scenario.has_thresholds_key) return DefaultThresholds();
  std::vector<Threshold> thresholds;
  for (const ThresholdText& text : scenario.thresholds) thresholds.push_back(text.threshold);
  return thresholds;
}

/// "step: chat, C_LOGIN" for the tags of a metric.
std::string KnownTags(const MetricsCatalog& catalog, const Threshold& threshold) {
  const SeriesMatch all = FindSeries(catalog, threshold.metric, {});
  std::string text;
  for (const auto& [name, ignored] : threshold.tags) {
    std::set<std::string> values;
    for (const std::uint32_t index : all.indexes) {
      values.emplace(TagOf(catalog.OfKind(all.kind)[index].tags, name));
    }
    values.erase("");
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + value;
    text += (text.empty() ? "" : "; ") + name + ": " + (list.empty() ? "(none)" : list);
  }
  return text;
}

/// Whether there is something depends on the run's options, --watch-pid and the like.
bool IsFilledByOptions(const std::string& metric) {
  return metric.starts_with("server_") || metric.starts_with("scrape");
}

/// Names of servers whose process is watched.
std::vector<std::string> SupervisedServers(const Options& options, const Program& program) {
  std::vector<std::string> names;
  if (options.server_command.empty()) return names;
  for (const std::size_t index : ServerSupervisor::ServedBy(program))
    names.push_back(program.servers[index].name);
  return names;
}

/// A threshold on a process that nobody watches would judge zeros.
std::vector<std::string> CheckWatchedThresholds(const RunPlan& plan,
                                                std::vector<std::string> watched) {
  for (const WatchedProcess& process : plan.watched) watched.push_back(process.name());
  std::vector<std::string> mistakes;
  for (const Threshold& threshold : plan.thresholds) {
    if (!threshold.metric.starts_with("server_")) continue;
    const SeriesMatch match = FindSeries(plan.catalog, threshold.metric, threshold.tags);
    const auto is_watched = [&](std::uint32_t index) {
      const auto server = TagOf(plan.catalog.OfKind(match.kind)[index].tags, "server");
      return std::find(watched.begin(), watched.end(), server) != watched.end();
    };
    if (match.indexes.empty() ||
        std::any_of(match.indexes.begin(), match.indexes.end(), is_watched))
      continue;
    mistakes.push_back("the threshold " + threshold.metric + " " + threshold.expression +
                       " needs a process to watch: give --server or --watch-pid");
  }
  return mistakes;
}

bool ServerIsHere(const Options& options, const Program& program) {
  const auto is_loopback = [](const Server& server) { return server.address.IsLoopback(); };
  return !options.server_command.empty() ||
         std::any_of(program.servers.begin(), program.servers.end(), is_loopback);
}

/// FNV-1a: tells whether two runs had the same scenario; no protection against forgery.
std::string HashOfFile(const std::filesystem::path& file) {
  std::uint64_t hash = 0xCBF29CE484222325;
  std::ifstream in(file, std::ios::binary);
  for (char byte = 0; in.get(byte);) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  }
  return fmt::format("fnv1a64:{:016x}", hash);
}

void TellMistakes(const std::vector<std::string>& mistakes, const Tell& tell) {
  for (const std::string& mistake : mistakes) tell("stressbot run: " + mistake);
  if (!mistakes.empty()) tell("Nothing was started.");
}

void Append(std::vector<std::string>& list, std::vector<std::string> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

}  // namespace

RunPlan::RunPlan(const Scenario& scenario, std::size_t shard_count)
    : program(*scenario.program),
      shards(shard_count),
      metrics(program, shards, catalog),
      thresholds(ThresholdsOf(scenario)) {}

std::size_t DefaultShards(unsigned cores, bool server_is_here) {
  return std::max(1U, server_is_here ? cores - 1 : cores);
}

std::string WhyWithoutSeries(const MetricsCatalog& catalog, const Threshold& threshold) {
  const SeriesMatch match = FindSeries(catalog, threshold.metric, threshold.tags);
  if (!match.indexes.empty()) return {};
  if (!match.known && threshold.metric.starts_with("scrape"))
    return "nothing fills " + threshold.metric + ": give --scrape and --series";
  if (!match.known) return "nothing in this scenario fills " + threshold.metric;
  return "no series of " + threshold.metric + " has these tags; this run has " +
         KnownTags(catalog, threshold);
}

bool TellUnknownThresholds(const Scenario& scenario, const MetricsCatalog& catalog,
                           bool options_known, const Tell& tell) {
  std::size_t unknown = 0;
  for (const ThresholdText& text : scenario.thresholds) {
    if (!options_known && IsFilledByOptions(text.threshold.metric)) continue;
    const std::string why = WhyWithoutSeries(catalog, text.threshold);
    if (why.empty()) continue;
    ++unknown;
    tell(Diagnostic{text.file, text.line, text.path, why}.ToString());
  }
  if (unknown > 0) TellMistakeCount(unknown, scenario.program->file, tell);
  return unknown == 0;
}

void TellOnTerminal(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

std::unique_ptr<RunPlan> PrepareRun(const Options& options, const Tell& tell) {
  const std::optional<Scenario> scenario = LoadScenarioOrTell(options, tell);
  if (!scenario) return nullptr;
  Program resolved = *scenario->program;
  std::vector<std::string> mistakes = ResolveTargets(options, resolved);
  const SystemLimits limits = RaiseAndReadLimits();
  std::vector<std::string> too_much = CheckDescriptors(resolved, limits);
  // One sentence is enough: fewer bots is the way out of both.
  if (too_much.empty()) too_much = CheckPorts(resolved, limits, options.source_addresses.size());
  Append(mistakes, std::move(too_much));
  Append(mistakes, CheckServerEvents(resolved, !options.server_command.empty()));
  for (const ReportOutput& output : options.outputs) {
    if (std::string error; !CanWriteReport(output.file, error))
      mistakes.push_back(std::move(error));
  }
  const std::size_t shards = options.shards != 0
                                 ? options.shards
                                 : DefaultShards(UsableCores(), ServerIsHere(options, resolved));
  auto plan = std::make_unique<RunPlan>(*scenario, shards);
  plan->program.servers = resolved.servers;
  plan->scenario_hash = HashOfFile(PathOf(options.scenario_file));
  const std::vector<std::string> supervised = SupervisedServers(options, resolved);
  plan->watched = FindWatched(options.watched, resolved, supervised, mistakes);
  for (WatchedProcess& process : plan->watched)
    process.Register(resolved, plan->metrics, plan->catalog);
  if (options.scrape) plan->scraped.emplace(*options.scrape, plan->catalog);
  Append(mistakes, CheckWatchedThresholds(*plan, supervised));
  TellMistakes(mistakes, tell);
  const bool thresholds_known = TellUnknownThresholds(*scenario, plan->catalog, true, tell);
  return mistakes.empty() && thresholds_known ? std::move(plan) : nullptr;
}

}  // namespace stressbot
