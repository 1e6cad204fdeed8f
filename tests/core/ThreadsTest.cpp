#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "ServerCore/job/JobQueue.h"
#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

const PacketFraming kFraming;

void StopListening(ShardGroup& group, ServerService& server) {
  std::promise<void> stopped;
  group.shard(0).Post([&] {
    server.Stop();
    stopped.set_value();
  });
  stopped.get_future().wait();
}

/// Answers each packet for ever, so that it is busy whenever one looks.
class EchoSession final : public PacketSession {
 public:
  EchoSession(const SessionOptions& options, std::atomic<int>& packets)
      : PacketSession(options, kFraming), packets_(packets) {}

 private:
  void OnConnected() override { Send(BufferOf(shard(), Packet("ping"))); }
  void OnPacket(const PacketView& packet) override {
    packets_.fetch_add(1, std::memory_order_relaxed);
    Send(shard().send_buffers().Copy(packet.bytes));
  }
  std::atomic<int>& packets_;
};

TEST(ThreadsTest, AGroupThatWasShutDownDoesNotStartAgain) {
  ShardGroup group(ShardGroup::MakePorts(1));
  group.Shutdown(0ms);
  EXPECT_DEATH(group.Start(), "internal error");
}

TEST(ThreadsTest, ShutdownEndsBusySessionsOnAllShards) {
  std::atomic<int> packets{0};
  ShardGroup server_shards(ShardGroup::MakePorts(2));
  ShardGroup client_shards(ShardGroup::MakePorts(1));
  ServerService server(server_shards,
                       [&](Shard&, const NetAddress&) {
                         return std::make_unique<EchoSession>(server.session_options(), packets);
                       },
                       {});
  ClientService client(client_shards.shard(0), {});
  const NetAddress address = server.Start(NetAddress::Loopback(0)).value();
  server_shards.Start();
  client_shards.Start();
  client_shards.shard(0).Post([&] {
    for (int i = 0; i < 100; ++i) {
      client.Connect(std::make_unique<EchoSession>(client.session_options(), packets), address);
    }
  });
  while (packets.load() < 20'000) std::this_thread::yield();
  StopListening(server_shards, server);
  server_shards.Shutdown(5s);
  client_shards.Shutdown(5s);
  EXPECT_EQ(server.session_count(), 0U);
  EXPECT_EQ(client.session_count(), 0U);
  EXPECT_EQ(server_shards.send_buffers().chunks_in_use(), 0U);
  EXPECT_EQ(client_shards.send_buffers().chunks_in_use(), 0U);
}

/// Its members on all shards hear what each of them says.
class Room final : public JobQueue {
 public:
  explicit Room(ShardGroup& group)
      : JobQueue(group.global_queue()), group_(group), members_(group.size()) {}
  void Enter(SessionRef who) {
    auto list = Copy(who);
    list->push_back(who.id());
    members_[who.shard()->index()] = std::move(list);
  }
  void Leave(SessionRef who) {
    auto list = Copy(who);
    std::erase(*list, who.id());
    members_[who.shard()->index()] = std::move(list);
  }
  void Tell(SendBuffer buffer) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i]) group_.shard(i).PostBroadcast(members_[i], buffer);
    }
  }

 private:
  std::shared_ptr<std::vector<SessionId>> Copy(SessionRef who) const {
    const SessionList& old = members_[who.shard()->index()];
    return old ? std::make_shared<std::vector<SessionId>>(*old)
               : std::make_shared<std::vector<SessionId>>();
  }
  ShardGroup& group_;
  std::vector<SessionList> members_;
};

class MemberSession final : public PacketSession {
 public:
  MemberSession(const SessionOptions& options, std::shared_ptr<Room> room)
      : PacketSession(options, kFraming), room_(std::move(room)) {}

 private:
  void OnConnected() override { room_->Push(&Room::Enter, ref()); }
  void OnPacket(const PacketView& packet) override {
    room_->Push(&Room::Tell, shard().send_buffers().Copy(packet.bytes));
  }
  void OnDisconnected(CloseReason, std::error_code) override { room_->Push(&Room::Leave, ref()); }
  std::shared_ptr<Room> room_;
};

/// Says something with every few packets it hears, and after a while dies and comes back.
class TalkerSession final : public PacketSession {
 public:
  TalkerSession(ClientService& service, const NetAddress& address, std::atomic<int>& heard,
                std::atomic<bool>& stop)
      : PacketSession(service.session_options(), kFraming),
        service_(service),
        address_(address),
        heard_(heard),
        stop_(stop) {}

 private:
  void OnConnected() override { Send(BufferOf(shard(), Packet("hello"))); }
  void OnPacket(const PacketView&) override {
    heard_.fetch_add(1, std::memory_order_relaxed);
    if (++mine_ % 16 == 0) Send(BufferOf(shard(), Packet("and again")));
    if (mine_ == 500) Disconnect(CloseKind::kReset);
  }
  void OnDisconnected(CloseReason, std::error_code) override {
    if (stop_.load()) return;
    service_.Connect(std::make_unique<TalkerSession>(service_, address_, heard_, stop_), address_);
  }
  ClientService& service_;
  const NetAddress address_;
  std::atomic<int>& heard_;
  std::atomic<bool>& stop_;
  int mine_ = 0;
};

TEST(ThreadsTest, RoomsTellAllShardsWhileMembersDieAndComeBack) {
  // Wine takes 0.3 ms for a round trip.
  constexpr int kHeardEnough = STRESSBOT_RUNS_ON_WINE != 0 ? 10'000 : 100'000;
  std::atomic<int> heard{0};
  std::atomic<bool> stop{false};
  ShardGroup server_shards(ShardGroup::MakePorts(3));
  ShardGroup client_shards(ShardGroup::MakePorts(1));
  std::vector<std::shared_ptr<Room>> rooms;
  for (int i = 0; i < 3; ++i) rooms.push_back(std::make_shared<Room>(server_shards));
  std::atomic<std::size_t> next_room{0};
  ServerService server(server_shards,
                       [&](Shard&, const NetAddress&) {
                         return std::make_unique<MemberSession>(
                             server.session_options(),
                             rooms[next_room.fetch_add(1) % rooms.size()]);
                       },
                       {});
  ClientService client(client_shards.shard(0), {});
  const NetAddress address = server.Start(NetAddress::Loopback(0)).value();
  server_shards.Start();
  client_shards.Start();
  client_shards.shard(0).Post([&] {
    for (int i = 0; i < 48; ++i) {
      client.Connect(std::make_unique<TalkerSession>(client, address, heard, stop), address);
    }
  });
  while (heard.load() < kHeardEnough) std::this_thread::yield();
  stop.store(true);
  StopListening(server_shards, server);
  client_shards.Shutdown(5s);
  server_shards.Shutdown(5s);
  rooms.clear();
  EXPECT_EQ(server_shards.send_buffers().chunks_in_use(), 0U);
  EXPECT_EQ(client_shards.send_buffers().chunks_in_use(), 0U);
}

}  // namespace
}  // namespace servercore::testing
