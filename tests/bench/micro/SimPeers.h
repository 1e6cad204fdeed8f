#pragma once
#include <memory>
#include <vector>

#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"

namespace bench {

/// Counts packets, answers nothing.
class CountingSession final : public servercore::PacketSession {
 public:
  using PacketSession::PacketSession;
  std::uint64_t packets() const { return packets_; }

 private:
  void OnPacket(const servercore::PacketView&) override { ++packets_; }

  std::uint64_t packets_ = 0;
};

/// A simulated server, silent, for benchmarks that need open sessions and no kernel.
class SimPeers {
 public:
  SimPeers();
  SimPeers(const SimPeers&) = delete;
  SimPeers& operator=(const SimPeers&) = delete;
  ~SimPeers();

  /// Clients of the server, and returns when all are open on both sides.
  void Connect(std::size_t count);

  servercore::SimWorld& world() { return world_; }
  const servercore::NetAddress& address() const { return address_; }
  servercore::ShardGroup& client_group() { return client_group_; }
  servercore::Shard& server_shard() { return server_group_.shard(0); }
  const std::vector<CountingSession*>& accepted() const { return accepted_; }

 private:
  servercore::SimWorld world_;
  servercore::ShardGroup& server_group_;
  servercore::ShardGroup& client_group_;
  const servercore::PacketFraming framing_;
  std::vector<CountingSession*> accepted_;
  servercore::ServerService server_;
  servercore::ClientService client_;
  servercore::NetAddress address_;
};

}  // namespace bench
