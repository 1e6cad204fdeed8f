#include "ReferenceServer/GameServer.h"

#include <chrono>
#include <future>

#include "ReferenceServer/GameSession.h"

namespace reference {

using servercore::NetAddress;
using servercore::Shard;

namespace {

/// Beyond the drain time of a session, so that only a stuck one is reset.
constexpr std::chrono::milliseconds kShutdownDeadline{3'000};

servercore::ServerServiceOptions ToServiceOptions(const ServerOptions& options) {
  servercore::ServerServiceOptions service;
  service.session.queued_bytes_max = options.queued_bytes_max;
  service.session.idle_timeout = options.idle_timeout;
  service.sessions_max = options.sessions_max;
  return service;
}

/// Runs `work` in a turn of the shard and returns when it is done.
template <typename Work>
void RunOn(Shard& shard, Work work) {
  std::promise<void> done;
  shard.Post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace

std::uint64_t ServerTotals::packets_received() const {
  return Sum(open.received) + Sum(ended.ended_in_order.received) +
         Sum(ended.ended_otherwise.received);
}

std::uint64_t ServerTotals::packets_sent() const {
  return Sum(open.sent) + Sum(ended.ended_in_order.sent) + Sum(ended.ended_otherwise.sent);
}

GameServer::GameServer(const ServerOptions& options)
    : options_(options),
      shards_(servercore::ShardGroup::MakePorts(options.shards)),
      world_(shards_, options.room_size),
      service_(
          shards_,
          [this](Shard& shard, const NetAddress&) {
            return std::make_unique<GameSession>(service_.session_options(), framing_, world_,
                                                 *counters_[shard.index()]);
          },
          ToServiceOptions(options)) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    counters_.push_back(std::make_unique<ServerCounters>());
  }
}

GameServer::~GameServer() { Stop(); }

servercore::Result<NetAddress> GameServer::Start() {
  servercore::Result<NetAddress> address = service_.Start(options_.listen);
  if (address) shards_.Start();
  return address;
}

void GameServer::Stop() {
  if (!shards_.running()) return;
  RunOn(shards_.shard(0), [this] { service_.Stop(); });
  shards_.Shutdown(kShutdownDeadline);
}

ServerTotals GameServer::Totals() {
  ServerTotals totals;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    const auto add = [&] { AddShard(shards_.shard(i), *counters_[i], totals); };
    if (shards_.running()) {
      RunOn(shards_.shard(i), add);
    } else {
      add();
    }
  }
  totals.rooms = world_.rooms().rooms_in_use();
  totals.accepted = service_.accepted();
  totals.refused_full = service_.refused_full();
  totals.accept_pauses = service_.accept_pauses();
  totals.chunks_in_use = shards_.send_buffers().chunks_in_use();
  return totals;
}

void GameServer::AddShard(Shard& shard, const ServerCounters& counters, ServerTotals& to) {
  to.ended.Add(counters);
  to.stale_sends += shard.stale_sends();
  shard.ForEachSession([&](const servercore::Session& session) {
    const auto& game_session = static_cast<const GameSession&>(session);  // there are no others
    to.open.Add(game_session.Counts());
    if (game_session.player() != nullptr) ++to.players;
  });
}

}  // namespace reference
