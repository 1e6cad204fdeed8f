#include "StressBot/cli/RunCommand.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "ServerCore/io/StopSignals.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/cli/KeyCommands.h"
#include "StressBot/cli/LoadDriver.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/cli/ResultBuilder.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/control/ControlServer.h"
#include "StressBot/control/RunControl.h"
#include "StressBot/engine/NameThread.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/system/KeyReader.h"
#include "StressBot/system/ProcessStats.h"
#include "StressBot/system/Terminal.h"

namespace stressbot {

namespace {

using namespace std::chrono_literals;

/// For a server that had not begun to listen when Ctrl-C came.
constexpr std::chrono::seconds kHurriedStop{3};

std::uint64_t OwnMemory() {
  const auto stats = ReadProcessStats(OwnProcessId());
  return stats ? stats->memory_bytes : 0;
}

void Announce(const RunPlan& plan, const ControlServer* control) {
  std::string text = plan.program.name + ": " + FormatCount(plan.program.BotsMax()) + " bots, " +
                     FormatSpan(plan.program.LoadDuration()) + ", seed " +
                     std::to_string(plan.program.seed) + ", " + std::to_string(plan.shards) +
                     (plan.shards == 1 ? " shard" : " shards");
  for (const Server& server : plan.program.servers) {
    if (!server.target.empty()) text += ", " + server.name + " " + server.target;
  }
  std::fprintf(stderr, "%s\n", text.c_str());
  if (control != nullptr)
    std::fprintf(stderr, "control: http://%s/status\n", control->address().ToString().c_str());
}

/// Starts the server of --server. Fills `facts` when the run cannot begin.
std::unique_ptr<ServerSupervisor> BeginServer(const Options& options, Program& program,
                                              servercore::StopSignals& signals, RunFacts& facts) {
  std::string error;
  auto server = ServerSupervisor::Start(options.server_command, error);
  if (server == nullptr) {
    facts.could_not_begin = error;
    return nullptr;
  }
  switch (server->WaitUntilReady(program, signals, error)) {
    case ServerSupervisor::Readiness::kReady:
      break;
    case ServerSupervisor::Readiness::kFailed:
      facts.could_not_begin = error;
      break;
    case ServerSupervisor::Readiness::kInterrupted:
      facts.interrupted = "interrupted by Ctrl-C or SIGTERM before the server listened";
      break;
  }
  return server;
}

/// Starts the scraping of --scrape. Fills `facts` when the run cannot begin.
std::unique_ptr<Scraper> BeginScraper(const ScrapeRequest& request,
                                      servercore::StopSignals& signals, RunFacts& facts) {
  auto scraper = std::make_unique<Scraper>(request);
  std::string error;
  if (scraper->Begin(signals, error)) return scraper;
  if (error.empty()) {
    facts.interrupted = "interrupted by Ctrl-C or SIGTERM before --scrape had an answer";
  } else {
    facts.could_not_begin = error;
  }
  return nullptr;
}

bool MayBegin(const RunFacts& facts) {
  return facts.could_not_begin.empty() && facts.interrupted.empty();
}

/// How long the server may take to end: reports must be on disk 5 s after Ctrl-C.
std::chrono::milliseconds ServerStopTimeout(const LoadDriver& driver) {
  constexpr std::chrono::milliseconds kServerEnded{4'300};
  const auto since = driver.SinceInterrupt();
  if (!since) return ServerSupervisor::kStopTimeout;
  return std::max(kServerEnded - *since, std::chrono::milliseconds(200));
}

/// Runs the load to its end and fills `traces`. Ends the process itself when bots hang: what they
/// still use cannot be destroyed then.
ExitCode RunLoad(const Options& options, const RunPlan& plan, servercore::StopSignals& signals,
                 ServerSupervisor* server, Scraper* scraper, RunControl& control,
                 const RunMetrics& metrics, RunTraces& traces) {
  traces.memory_bytes_before = OwnMemory();
  servercore::ShardGroup shards(servercore::ShardGroup::MakePorts(plan.shards));
  LoadOptions load;
  load.source_addresses = options.source_addresses;
  load.targets = {options.target_mappings, options.allow_public_target};
  NameThread names;
  load.names = &names;
  std::optional<LoadRun> run(std::in_place, shards, plan.program, plan.catalog, plan.metrics, load);
  std::optional<ProgressPrinter> progress;
  if (!options.quiet) {
    progress.emplace(stderr, TerminalColumns(stderr), plan.program.LoadDuration());
  }
  std::unique_ptr<KeyReader> keys = options.quiet ? nullptr : KeyReader::Open();
  std::optional<KeyCommands> key_commands;
  if (keys != nullptr) key_commands.emplace(*keys, control);
  if (keys != nullptr) progress->Say(KeyCommands::kHelp);
  LoadDriver driver(
      plan, *run, control, metrics, signals,
      {server, progress ? &*progress : nullptr, key_commands ? &*key_commands : nullptr, scraper});
  shards.Start();
  const bool all_ended = driver.Drive();
  traces.duration = run->Elapsed();
  key_commands.reset();
  keys.reset();
  progress.reset();
  names.Stop();
  if (all_ended) shards.Shutdown(0ms);
  if (server != nullptr) server->Stop(ServerStopTimeout(driver), signals);

  traces.facts = driver.facts();
  if (server != nullptr && traces.facts.server_complaint.empty())
    traces.facts.server_complaint = server->Complaint();
  traces.last_moments = driver.last_moments();
  traces.busy_shards = driver.busy_shards();
  traces.watched = driver.watched();
  traces.events = driver.events();
  traces.changed_by_hand = control.changed();
  traces.thresholds = driver.JudgeThresholds();
  traces.failures = run->failures().Entries();
  traces.memory_bytes_peak = driver.memory_bytes_peak();
  RunResult result = BuildResult(options, plan, traces, &metrics, server);
  const ExitCode code = WriteReports(result, options);
  if (!all_ended) std::_Exit(static_cast<int>(code));
  run.reset();
  return code;
}

}  // namespace

ExitCode RunScenario(const Options& options) {
  const std::unique_ptr<RunPlan> plan = PrepareRun(options);
  if (plan == nullptr) return ExitCode::kConfiguration;
  servercore::StopSignals signals;
  RunTraces traces;
  traces.started_at = IsoTime();
  traces.watched = plan->watched;
  RunMetrics metrics(plan->catalog);
  RunControl control(plan->program, metrics);
  std::unique_ptr<ControlServer> control_server;
  if (options.control) {
    control_server = ControlServer::Start(*options.control, control, traces.facts.could_not_begin);
  }
  std::unique_ptr<ServerSupervisor> server;
  if (!options.server_command.empty() && MayBegin(traces.facts)) {
    server = BeginServer(options, plan->program, signals, traces.facts);
  }
  std::unique_ptr<Scraper> scraper;
  if (options.scrape && MayBegin(traces.facts))
    scraper = BeginScraper(*options.scrape, signals, traces.facts);
  if (!MayBegin(traces.facts)) {
    if (server != nullptr) {
      const bool hurried = !traces.facts.interrupted.empty();
      server->Stop(hurried ? kHurriedStop : ServerSupervisor::kStopTimeout, signals);
    }
    RunResult result = BuildResult(options, *plan, traces, nullptr, server.get());
    return WriteReports(result, options);
  }
  if (!options.quiet) Announce(*plan, control_server.get());
  return RunLoad(options, *plan, signals, server.get(), scraper.get(), control, metrics, traces);
}

}  // namespace stressbot
