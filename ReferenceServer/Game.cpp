#include "ReferenceServer/Game.h"

#include "ReferenceServer/GameSession.h"

namespace reference {

using servercore::NetAddress;
using servercore::Shard;

namespace {

servercore::ServerServiceOptions ToServiceOptions(const ServerOptions& options) {
  servercore::ServerServiceOptions service;
  service.session.queued_bytes_max = options.queued_bytes_max;
  service.session.idle_timeout = options.idle_timeout;
  service.sessions_max = options.sessions_max;
  return service;
}

}  // namespace

Game::Game(servercore::ShardGroup& shards, AccountStore& accounts, const ServerOptions& options)
    : shards_(shards),
      listen_(options.listen),
      world_(shards_, accounts, options, &GameSession::HandleAny),
      service_(
          shards_,
          [this, protocol = options.protocol](Shard& shard, const NetAddress&) {
            return std::make_unique<GameSession>(service_.session_options(), framing_, protocol,
                                                 world_, *counters_[shard.index()]);
          },
          ToServiceOptions(options)) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    counters_.push_back(std::make_unique<ServerCounters>());
  }
}

servercore::Result<NetAddress> Game::Start() { return service_.Start(listen_); }

void Game::Stop() {
  service_.Stop();
  world_.defects().Stop();  // they are for clients that die, not for us
}

void Game::AddShard(std::size_t index, ServerTotals& to) {
  Shard& shard = shards_.shard(index);
  to.ended.Add(*counters_[index]);
  shard.ForEachSession([&](const servercore::Session& session) {
    const auto& game_session = static_cast<const GameSession&>(session);  // there are no others
    to.open.Add(game_session.Counts());
    if (game_session.room() != nullptr) ++to.players;
  });
}

void Game::AddShared(ServerTotals& to) const {
  to.accounts = world_.accounts().counts();
  to.defect = world_.defects().which();
  to.defect_exercised = world_.defects().exercised();
  to.rooms = world_.rooms().rooms_in_use();
  to.accepted = service_.accepted();
  to.refused_full = service_.refused_full();
  to.accept_pauses = service_.accept_pauses();
  to.failed_to_attach = service_.failed_to_attach();
  to.core = shards_.counters();
}

}  // namespace reference
