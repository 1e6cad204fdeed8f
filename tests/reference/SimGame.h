#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ReferenceServer/Game.h"
#include "ReferenceServer/GameSession.h"
#include "ReferenceServer/accounts/AccountStore.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"
#include "ServerPacketHandler.h"

namespace reference {

/// A client of a simulated server: notes what it receives, and may answer from within.
class SimClient final : public servercore::PacketSession {
 public:
  struct Packet {
    std::uint32_t id = 0;
    std::string payload;

    template <typename Message>
    Message As() const {
      Message message;
      EXPECT_EQ(Protocol::PacketName(id),
                Protocol::PacketName(Protocol::PacketIdOf<Message>::value));
      EXPECT_TRUE(message.ParseFromString(payload));
      return message;
    }
  };
  /// What a client did. Outlives it.
  struct Record {
    SimClient* session = nullptr;  ///< while it lives
    std::vector<Packet> packets;
    bool ended = false;
    servercore::CloseReason reason = servercore::CloseReason::kNone;
  };
  using OnPacketDo = std::function<void(SimClient&, const Packet&)>;

  SimClient(const servercore::SessionOptions& options, const servercore::PacketFraming& framing,
            std::shared_ptr<Record> record, OnPacketDo on_packet)
      : PacketSession(options, framing),
        record_(std::move(record)),
        on_packet_(std::move(on_packet)) {
    record_->session = this;
  }

  template <typename Message>
  void SendPacket(const Message& message) {
    Send(*MakeSendBuffer(shard().send_buffers(), message));
  }

 private:
  void OnPacket(const servercore::PacketView& packet) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code) override;

  const std::shared_ptr<Record> record_;
  const OnPacketDo on_packet_;
};
using SimRecord = std::shared_ptr<SimClient::Record>;

/// The whole server, its database and clients on simulated time and one thread. The database works
/// in a process of its own, so its answers come from elsewhere, as a thread's would.
class SimGame {
 public:
  explicit SimGame(std::uint64_t seed, ServerOptions options = {}, std::size_t shards = 2,
                   AccountDatabase database = AccountDatabase::InMemory(),
                   std::size_t loads_waiting_max = AccountStore::kLoadsWaitingMax);
  ~SimGame();

  SimRecord Connect(SimClient::OnPacketDo on_packet = {});
  template <typename Message>
  void Send(const SimRecord& client, const Message& message) {
    client_group_.shard(0).Post([client, message] {
      if (client->session != nullptr) client->session->SendPacket(message);
    });
  }
  void Disconnect(const SimRecord& client, servercore::CloseKind kind);

  servercore::SimWorld& world() { return world_; }
  void RunFor(servercore::Clock::duration duration) { world_.RunFor(duration); }
  /// In a turn of each session's shard.
  void ForEachSession(const std::function<void(GameSession&)>& visit);
  /// The server does nothing for so long.
  void Stall(servercore::Clock::duration duration);
  /// Its database does.
  void StallDatabase(servercore::Clock::duration duration);
  /// Fails the test when it does not hold within a simulated minute.
  void RunUntil(const std::function<bool()>& done);
  ServerTotals Totals();

 private:
  servercore::SimWorld world_;
  servercore::ShardGroup& server_group_;
  servercore::ShardGroup& database_group_;
  servercore::ShardGroup& client_group_;
  AccountStore accounts_;
  Game game_;
  const servercore::PacketFraming framing_;
  servercore::ClientService clients_;
  servercore::NetAddress address_;
};

}  // namespace reference
