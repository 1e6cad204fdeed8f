#include "StressBot/cli/TraceCommand.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "ServerCore/io/StopSignals.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/TraceLines.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/engine/TraceLog.h"
#include "StressBot/metrics/Format.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

/// The bot runs on behind the last packet that is shown, until it may leave in order.
constexpr auto kGrace = 1s;
/// How long its connections may take to end, beyond what they give themselves.
constexpr auto kEndingMax = 5s;

/// One bot followed through its scenario.
class Tracer {
 public:
  Tracer(const Options& options, const RunPlan& plan, servercore::StopSignals& signals)
      : options_(options),
        plan_(plan),
        signals_(signals),
        format_(OutputColumns(), PacketNameColumns(plan.program)) {}

  ExitCode Run() {
    servercore::ShardGroup shards(servercore::ShardGroup::MakePorts(1));
    LoadOptions load;
    load.source_addresses = options_.source_addresses;
    load.only_bot = options_.trace.bot;
    load.trace = &log_;
    LoadRun run(shards, plan_.program, plan_.catalog, plan_.metrics, load);
    shards.Start();
    run.Start();
    Follow(run);
    if (!run.Finished()) {  // a peer that hangs: what the bot still uses must not be destroyed
      std::fflush(stdout);
      std::_Exit(static_cast<int>(Conclude()));
    }
    shards.Shutdown(0ms);
    return Conclude();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void Follow(LoadRun& run) {
    Clock::time_point give_up_at = Clock::time_point::max();
    while (!run.Finished() && Clock::now() < give_up_at) {
      const int signals = signals_.WaitFor(20ms);
      Print();
      while (auto interval = run.TakeInterval()) run.GiveBack(std::move(interval->frame));
      const bool goes_on = signals == 0 && packets_ < options_.trace.packets && !IsHopeless(run);
      if (run.stopping() || goes_on) continue;
      run.RequestStop(kGrace);
      give_up_at = Clock::now() + kGrace + kEndingMax;
    }
    Print();
  }

  /// Nobody listens there: the bot would try again until its scenario is over.
  bool IsHopeless(const LoadRun& run) const {
    constexpr std::ptrdiff_t kAttemptsMax = 3;
    if (packets_ > 0) return false;
    const auto entries = run.failures().Entries();
    return std::ranges::count(entries, "connects_failed", &FailureLog::Entry::metric) >=
           kAttemptsMax;
  }

  /// What belongs to leaving is shown too, but no stream of what others say.
  void Print() {
    for (const TraceRecord& record : log_.Take()) {
      const ConversationLine line = LineOf(record, plan_.program);
      const bool is_packet = line.way != ConversationLine::Way::kNote;
      packets_ += is_packet ? 1 : 0;
      answered_ = answered_ || (is_packet && line.way != ConversationLine::Way::kSent);
      if (line.way == ConversationLine::Way::kUnwanted && packets_ > options_.trace.packets)
        continue;
      std::fputs(format_.Line(line).c_str(), stdout);
    }
    std::fflush(stdout);
  }

  ExitCode Conclude() const {
    std::fprintf(stderr, "%s packets of bot %u\n", FormatCount(packets_).c_str(),
                 options_.trace.bot);
    return answered_ ? ExitCode::kPassed : ExitCode::kNothingWorked;
  }

  const Options& options_;
  const RunPlan& plan_;
  servercore::StopSignals& signals_;
  const ConversationFormat format_;
  TraceLog log_;
  std::uint64_t packets_ = 0;
  bool answered_ = false;
};

bool HasBot(const Options& options, const Program& program) {
  if (options.trace.bot < program.BotsPossible()) return true;
  std::fprintf(stderr,
               "stressbot trace: there is no bot %u in this scenario: they are numbered from 0 to "
               "%u, one group after the other\n",
               options.trace.bot, program.BotsPossible() - 1);
  return false;
}

}  // namespace

ExitCode TraceScenario(const Options& options) {
  const std::unique_ptr<RunPlan> plan = PrepareRun(options, TellOnTerminal);
  if (plan == nullptr || !HasBot(options, plan->program)) return ExitCode::kConfiguration;
  servercore::StopSignals signals;
  std::unique_ptr<ServerSupervisor> server;
  if (!options.server_command.empty()) {
    std::string error;
    server = ServerSupervisor::Start(options.server_command, error);
    const bool is_ready =
        server != nullptr && server->WaitUntilReady(plan->program, signals, error) ==
                                 ServerSupervisor::Readiness::kReady;
    if (!is_ready) {
      if (!error.empty()) std::fprintf(stderr, "stressbot trace: %s\n", error.c_str());
      if (server != nullptr) server->Stop(ServerSupervisor::kStopTimeout, signals);
      return ExitCode::kCouldNotBegin;
    }
  }
  const ExitCode code = Tracer(options, *plan, signals).Run();
  if (server != nullptr) server->Stop(ServerSupervisor::kStopTimeout, signals);
  return code;
}

}  // namespace stressbot
