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

void Tell(const std::vector<std::string>& mistakes) {
  for (const std::string& mistake : mistakes) {
    std::fprintf(stderr, "stressbot run: %s\n", mistake.c_str());
  }
  if (!mistakes.empty()) std::fputs("Nothing was started.\n", stderr);
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
  if (!match.known) return "nothing in this scenario fills " + threshold.metric;
  return "no series of " + threshold.metric + " has these tags; this run has " +
         KnownTags(catalog, threshold);
}

bool TellUnknownThresholds(const Scenario& scenario, const MetricsCatalog& catalog) {
  std::size_t unknown = 0;
  for (const ThresholdText& text : scenario.thresholds) {
    const std::string why = WhyWithoutSeries(catalog, text.threshold);
    if (why.empty()) continue;
    ++unknown;
    std::fprintf(stderr, "%s\n",
                 Diagnostic{text.file, text.line, text.path, why}.ToString().c_str());
  }
  if (unknown > 0) TellMistakeCount(unknown, scenario.program->file);
  return unknown == 0;
}

std::unique_ptr<RunPlan> PrepareRun(const Options& options) {
  const std::optional<Scenario> scenario = LoadScenarioOrTell(options);
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
  Tell(mistakes);
  const bool thresholds_known = TellUnknownThresholds(*scenario, plan->catalog);
  return mistakes.empty() && thresholds_known ? std::move(plan) : nullptr;
}

}  // namespace stressbot
