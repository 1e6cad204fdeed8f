#pragma once
#include "ReferenceServer/Game.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/ServerTotals.h"
#include "ReferenceServer/accounts/AccountStore.h"
#include "ReferenceServer/accounts/DatabaseThread.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

/// A Game with threads of its own: what the program runs. Several may run in one process.
/// Thread: one outside thread.
class GameServer {
 public:
  /// Throws std::system_error when the system has no descriptors or threads left.
  GameServer(const ServerOptions& options, AccountDatabase accounts);
  ~GameServer();  ///< stops
  GameServer(const GameServer&) = delete;
  GameServer& operator=(const GameServer&) = delete;

  /// Returns where it listens. Errors: what the system says, as address_in_use. Throws
  /// std::system_error when the system has no threads left; then it is as before.
  servercore::Result<servercore::NetAddress> Start();
  /// Stops accepting, closes all sessions in order, ends the shards' threads; then commits what
  /// the sessions' ends saved and ends the database's. Harmless when not running.
  void Stop();
  /// Asks each shard for its counters and waits for the answers.
  ServerTotals Totals();
  AccountCounts accounts() const { return accounts_.counts(); }

 private:
  servercore::ShardGroup shards_;
  AccountStore accounts_;
  DatabaseThread database_thread_;  ///< ends before what its tasks reach
  Game game_;
};

}  // namespace reference
