#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ReferenceServer/GameWorld.h"
#include "ReferenceServer/ServerCounters.h"
#include "ReferenceServer/ServerOptions.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/packet/PacketFraming.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

/// What a server did so far.
struct ServerTotals {
  ServerCounters ended;
  SessionCounts open;  ///< sessions that are connected now
  std::size_t players = 0;
  std::size_t rooms = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused_full = 0;   ///< connections beyond sessions_max
  std::uint64_t accept_pauses = 0;  ///< times that descriptors ran out
  std::uint64_t stale_sends = 0;    ///< messages for sessions that were gone
  std::size_t chunks_in_use = 0;

  std::uint64_t packets_received() const;
  std::uint64_t packets_sent() const;
};

/// The whole server: shards, the listening service and the world. Several may run in one process.
/// Thread: one outside thread.
class GameServer {
 public:
  /// Throws std::system_error when the system has no descriptors left for its shards.
  explicit GameServer(const ServerOptions& options);
  ~GameServer();  ///< stops
  GameServer(const GameServer&) = delete;
  GameServer& operator=(const GameServer&) = delete;

  /// Returns where it listens. Errors: what the system says, as address_in_use.
  servercore::Result<servercore::NetAddress> Start();
  /// Stops accepting, closes all sessions in order, ends the threads. Harmless when not running.
  void Stop();
  /// Asks each shard for its counters and waits for the answers.
  ServerTotals Totals();

 private:
  static void AddShard(servercore::Shard& shard, const ServerCounters& counters, ServerTotals& to);

  const ServerOptions options_;
  const servercore::PacketFraming framing_;
  servercore::ShardGroup shards_;
  GameWorld world_;
  std::vector<std::unique_ptr<ServerCounters>> counters_;  ///< by shard
  servercore::ServerService service_;
};

}  // namespace reference
