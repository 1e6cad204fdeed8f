#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "ReferenceServer/GameWorld.h"
#include "ReferenceServer/ServerCounters.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/ServerTotals.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/packet/PacketFraming.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

/// The whole game on shards that somebody else runs: the threads of a GameServer, or a simulation.
/// Thread: as said.
class Game {
 public:
  /// `shards` and `accounts` live longer, and no thread has a turn of theirs yet.
  Game(servercore::ShardGroup& shards, AccountStore& accounts, const ServerOptions& options);
  Game(const Game&) = delete;
  Game& operator=(const Game&) = delete;
  ~Game() = default;  ///< REQUIRES that it was stopped and its sessions are closed

  /// Returns where it listens. Errors: what the system says, as address_in_use.
  /// REQUIRES the first shard's turn, or that no thread has a turn.
  servercore::Result<servercore::NetAddress> Start();
  /// Stops accepting. Whoever runs the shards then closes the sessions (ShardGroup::Shutdown,
  /// SimWorld::Close). Harmless when not started. REQUIRES the same.
  void Stop();

  /// Adds what one shard knows. REQUIRES a turn of that shard, or that no thread has one.
  void AddShard(std::size_t index, ServerTotals& to);
  /// Adds what all shards share. Thread: any.
  void AddShared(ServerTotals& to) const;

 private:
  servercore::ShardGroup& shards_;
  const servercore::NetAddress listen_;
  const servercore::PacketFraming framing_;
  GameWorld world_;
  std::vector<std::unique_ptr<ServerCounters>> counters_;  ///< by shard
  servercore::ServerService service_;
};

}  // namespace reference
