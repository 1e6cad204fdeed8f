#pragma once
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ClientPacketHandler.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/thread/ShardGroup.h"
#include "ServerPacketHandler.h"

namespace reference {

/// What a client's session tells the test. Thread: any.
class Mailbox {
 public:
  struct Packet {
    std::uint32_t id = 0;
    std::string payload;
  };

  void Opened(servercore::SessionRef session);
  void Arrived(const servercore::PacketView& packet);
  void Ended(servercore::CloseReason reason);

  /// Each waits until it is so, or fails the test after a generous time.
  servercore::SessionRef WaitUntilOpened();
  std::optional<Packet> WaitForPacket();
  servercore::CloseReason WaitUntilEnded();

 private:
  template <typename Condition>
  bool WaitFor(std::unique_lock<std::mutex>& lock, Condition condition);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<servercore::SessionRef> session_;
  std::deque<Packet> packets_;
  std::optional<servercore::CloseReason> ended_;
};

/// A client that is driven from the test's thread: every wait has an end, nothing sleeps.
class TestClient {
 public:
  TestClient(std::shared_ptr<Mailbox> mailbox, servercore::SendBufferPool& pool)
      : mailbox_(std::move(mailbox)), pool_(&pool) {}

  template <typename Message>
  void Send(const Message& message) {
    session().Send(*MakeSendBuffer(*pool_, message));
  }
  void SendBytes(const std::string& bytes);
  void LogIn(const std::string& name = {});
  void EnterGame(std::uint64_t index = 0);
  void Chat(const std::string& text);
  void Move(std::uint64_t player, double x, double y);
  void Leave() { Send(Protocol::C_LEAVE()); }

  /// The next packet, which must be a Message: so the order is checked by what a test expects.
  template <typename Message>
  Message Expect() {
    Message message;
    const std::optional<Mailbox::Packet> packet = mailbox_->WaitForPacket();
    if (!packet) return message;
    EXPECT_EQ(Protocol::PacketName(packet->id),
              Protocol::PacketName(Protocol::PacketIdOf<Message>::value));
    EXPECT_TRUE(message.ParseFromString(packet->payload));
    return message;
  }
  /// Logs in, enters and returns what the server said to the latter.
  Protocol::S_ENTER_GAME Join(const std::string& name = {});

  void Disconnect(servercore::CloseKind kind);
  servercore::CloseReason WaitUntilEnded() { return mailbox_->WaitUntilEnded(); }

 private:
  servercore::SessionRef session() { return mailbox_->WaitUntilOpened(); }

  std::shared_ptr<Mailbox> mailbox_;
  servercore::SendBufferPool* pool_;
};

/// Connects clients to one server, from one shard of their own.
class TestClients {
 public:
  explicit TestClients(const servercore::NetAddress& server);
  ~TestClients();

  TestClient Connect();
  std::vector<TestClient> Connect(std::size_t count);

 private:
  const servercore::NetAddress server_;
  const servercore::PacketFraming framing_;
  servercore::ShardGroup shards_{servercore::ShardGroup::MakePorts(1)};
  servercore::ClientService service_{shards_.shard(0), {}};
  servercore::SendBufferPool pool_{shards_.send_buffers()};
};

}  // namespace reference
