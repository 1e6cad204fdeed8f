#include "ReferenceServer/GameServer.h"

#include <chrono>
#include <future>
#include <utility>

#include "ServerCore/io/SystemProcess.h"

namespace reference {

using servercore::NetAddress;
using servercore::Shard;

namespace {

/// Beyond the drain time of a session, so that only a stuck one is reset.
constexpr std::chrono::milliseconds kShutdownDeadline{3'000};

/// Runs `work` in a turn of the shard and returns when it is done.
template <typename Work>
void RunOn(Shard& shard, Work work) {
  // The promise is the task's: one that lived here could be gone while set_value still returns.
  std::promise<void> done;
  const std::future<void> finished = done.get_future();
  shard.Post([work = std::move(work), done = std::move(done)]() mutable {
    work();
    done.set_value();
  });
  finished.wait();
}

}  // namespace

GameServer::GameServer(const ServerOptions& options, AccountDatabase accounts)
    : shards_(servercore::ShardGroup::MakePorts(options.shards)),
      accounts_(std::move(accounts),
                [this](servercore::Task task) { database_thread_.Post(std::move(task)); }),
      game_(shards_, accounts_, options) {}

GameServer::~GameServer() { Stop(); }

servercore::Result<NetAddress> GameServer::Start() {
  servercore::Result<NetAddress> address = game_.Start();
  if (!address) return address;
  try {
    shards_.Start();
  } catch (...) {
    game_.Stop();
    shards_.Shutdown(std::chrono::milliseconds(0));
    throw;
  }
  return address;
}

void GameServer::Stop() {
  if (!shards_.running()) return;
  RunOn(shards_.shard(0), [this] { game_.Stop(); });
  shards_.Shutdown(kShutdownDeadline);
  database_thread_.Stop();
}

ServerTotals GameServer::Totals() {
  ServerTotals totals;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    const auto add = [this, i, &totals] { game_.AddShard(i, totals); };
    if (shards_.running()) {
      RunOn(shards_.shard(i), add);
    } else {
      add();
    }
  }
  game_.AddShared(totals);
  totals.resident_bytes = servercore::ResidentBytes();
  return totals;
}

}  // namespace reference
