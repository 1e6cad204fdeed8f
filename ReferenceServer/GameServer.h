#pragma once
#include "ReferenceServer/Game.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/ServerTotals.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

/// A Game with threads of its own: what the program runs. Several may run in one process.
/// Thread: one outside thread.
class GameServer {
 public:
  /// Throws std::system_error when the system has no descriptors left for its shards.
  explicit GameServer(const ServerOptions& options);
  ~GameServer();  ///< stops
  GameServer(const GameServer&) = delete;
  GameServer& operator=(const GameServer&) = delete;

  /// Returns where it listens. Errors: what the system says, as address_in_use. Throws
  /// std::system_error when the system has no threads left; then it is as before.
  servercore::Result<servercore::NetAddress> Start();
  /// Stops accepting, closes all sessions in order, ends the threads. Harmless when not running.
  void Stop();
  /// Asks each shard for its counters and waits for the answers.
  ServerTotals Totals();

 private:
  servercore::ShardGroup shards_;
  Game game_;
};

}  // namespace reference
