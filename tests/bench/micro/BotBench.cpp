/// A bot that waits for its own chat among those of its room.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/engine/Rendezvous.h"
#include "StressBot/scenario/ScenarioFile.h"
#include "tests/bench/floor/Sockets.h"
#include "tests/bench/micro/SimPeers.h"

namespace {

using namespace std::chrono_literals;

stressbot::Program LoadEcho() {
  stressbot::Diagnostics errors;
  const auto scenario = stressbot::LoadScenario(SOURCE_DIRECTORY "/tests/bench/scenarios/echo.json",
                                                {.bots = {{"", 1}}}, errors);
  if (!scenario) {
    std::fputs(errors.ToString().c_str(), stderr);
    std::exit(EXIT_FAILURE);
  }
  return *scenario->program;
}

/// One bot, connected, its request sent, on a server that never answers.
class WaitingBot {
 public:
  explicit WaitingBot(stressbot::Program program) : program_(std::move(program)) {
    program_.servers.front().address = peers_.address();
    shard_.Start(peers_.world().Now());
    bot_.Start();
    peers_.world().RunFor(100ms);
  }
  ~WaitingBot() {
    bot_.Stop(peers_.world().Now(), 0ns);
    peers_.world().RunFor(1s);
  }
  WaitingBot(const WaitingBot&) = delete;
  WaitingBot& operator=(const WaitingBot&) = delete;

  stressbot::Bot& bot() { return bot_; }

 private:
  // The program's only bot belongs to the first of two shards, so that the second one's metrics
  // and timers are this bot's alone.
  static constexpr std::size_t kShards = 2;

  bench::SimPeers peers_;
  stressbot::Program program_;
  stressbot::MetricsCatalog catalog_;
  const stressbot::EngineMetrics metrics_{program_, kShards, catalog_};
  const stressbot::LoadOptions options_{};
  stressbot::IntervalCollector collector_{catalog_, kShards};
  stressbot::FailureLog failures_;
  stressbot::EventBoard board_{program_, kShards};
  const stressbot::CommandPost post_;
  stressbot::MarkLog marks_{0};
  const std::unique_ptr<stressbot::RendezvousDesk> desk_;  // its flow meets nobody
  std::atomic<std::size_t> shards_running_{kShards};
  stressbot::BotShard shard_{
      {program_, catalog_, metrics_, options_, collector_, failures_, board_, post_, marks_,
       shards_running_, desk_, peers_.client_group().shard(0)},
      peers_.client_group().shard(0),
      kShards - 1,
      kShards};
  stressbot::GroupRun group_{program_, 0, metrics_.groups[0]};
  stressbot::Bot bot_{shard_, group_, 0, 0};
};

/// What a chat of somebody else costs: find the rule, read the field, compare, no.
void RefuseForeignReplies(benchmark::State& state) {
  constexpr std::int64_t kForeign = 49;
  WaitingBot waiting(LoadEcho());
  const bench::Frame foreign = bench::MakeFrame(bench::kEchoReply);
  const auto payload = std::span(foreign).subspan(bench::kHeaderBytes);
  const stressbot::PacketIndex packet = 1;  // S_ECHO: the second of its file
  for (auto _ : state) {
    for (std::int64_t i = 0; i < kForeign; ++i) {
      if (waiting.bot().OnPacket(0, packet, payload)) state.SkipWithError("took a foreign reply");
    }
  }
  state.SetItemsProcessed(state.iterations() * kForeign);
}
BENCHMARK(RefuseForeignReplies);

}  // namespace
