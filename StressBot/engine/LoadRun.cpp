#include "StressBot/engine/LoadRun.h"

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/Rendezvous.h"

namespace stressbot {

LoadRun::LoadRun(servercore::ShardGroup& shards, const Program& program,
                 const MetricsCatalog& catalog, const EngineMetrics& metrics, LoadOptions options)
    : shards_(shards),
      options_(std::move(options)),
      marks_(program.marks.size()),
      collector_(catalog, shards.size()),
      board_(program, shards.size()) {
  const BotShard::Run run{program, catalog, metrics, options_,        collector_, failures_,
                          board_,  post_,   marks_,  shards_running_, desk_,      shards.shard(0)};
  for (std::size_t i = 0; i < shards.size(); ++i) {
    bot_shards_.push_back(std::make_unique<BotShard>(run, shards.shard(i), i, shards.size()));
    post_.Add(shards.shard(i), *bot_shards_.back());
  }
  for (const auto& shard : bot_shards_) shard->Meet(bot_shards_);
  std::vector<BotShard*> all;
  for (const auto& shard : bot_shards_) all.push_back(shard.get());
  std::vector<std::uint32_t> bots;
  for (const Rendezvous& point : program.rendezvous) bots.push_back(point.bots);
  desk_ = std::make_unique<RendezvousDesk>(std::move(all), bots);
}

LoadRun::~LoadRun() { SC_ASSERT(Finished()); }

void LoadRun::Start() {
  shards_running_.store(bot_shards_.size(), std::memory_order_relaxed);
  started_at_ = shards_.shard(0).port().Now();
  for (std::size_t i = 0; i < bot_shards_.size(); ++i) {
    shards_.shard(i).Post(
        [started = bot_shards_[i].get(), at = started_at_] { started->Start(at); });
  }
}

void LoadRun::RequestStop(std::optional<Nanoseconds> grace) {
  stop_requested_ = true;
  for (std::size_t i = 0; i < bot_shards_.size(); ++i) {
    shards_.shard(i).Post([stopped = bot_shards_[i].get(), grace] { stopped->Stop(grace); });
  }
}

std::optional<MetricsInterval> LoadRun::TakeInterval() { return collector_.Take(); }
void LoadRun::GiveBack(MetricsFrame frame) { collector_.GiveBack(std::move(frame)); }

bool LoadRun::Finished() const { return shards_running_.load(std::memory_order_acquire) == 0; }

Nanoseconds LoadRun::Elapsed() const { return shards_.shard(0).port().Now() - started_at_; }

}  // namespace stressbot
