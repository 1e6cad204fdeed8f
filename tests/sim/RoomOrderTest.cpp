/// The order that rooms promise, over many seeds and with real threads: a login reply precedes
/// broadcasts, and a room's messages keep their order for each receiver.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <future>
#include <thread>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/sim/SimWorld.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kJoin = 1;         ///< client: asks to be in the room
constexpr std::uint32_t kWelcome = 2;      ///< server: the login reply
constexpr std::uint32_t kSay = 3;          ///< client: to all in the room
constexpr std::uint32_t kTold = 4;         ///< server: what somebody said
constexpr std::size_t kTalkersAtOnce = 8;  ///< clients
constexpr std::uint32_t kTalkers = 16;
constexpr std::uint32_t kSaysEach = 10;
constexpr int kMoreThanASlice = 1100;  ///< jobs

const PacketFraming kRoomFraming;

struct Words {
  std::uint32_t speaker = 0;
  std::uint32_t number = 0;  ///< of this speaker
  std::uint32_t serial = 0;  ///< of the room
};

SendBuffer MakeWords(std::uint32_t id, Words words) {
  SendBufferPool& pool = Shard::Current()->send_buffers();
  const std::size_t bytes = kRoomFraming.header_bytes + sizeof words;
  const std::span<std::byte> room = pool.Open(bytes);
  kRoomFraming.Write(room, static_cast<std::uint32_t>(bytes), id);
  std::memcpy(room.data() + kRoomFraming.header_bytes, &words, sizeof words);
  return pool.Close(bytes);
}

Words ReadWords(const PacketView& packet) {
  Words words;
  SC_ASSERT(packet.payload.size() == sizeof words);
  std::memcpy(&words, packet.payload.data(), sizeof words);
  return words;
}

/// Says everything to everyone, now by one broadcast a shard, now by one message each: both go
/// through the inbox of the receiver's shard, the job's own too, so they cannot overtake each
/// other.
class TalkRoom final : public JobQueue {
 public:
  explicit TalkRoom(ShardGroup& group) : JobQueue(group.global_queue()), group_(group) {}

  void Enter(SessionRef who) { members_.push_back(who); }
  void Leave(SessionRef who) { std::erase(members_, who); }
  void Tell(std::uint32_t speaker, std::uint32_t number) {
    EXPECT_FALSE(std::exchange(inside_, true)) << "two jobs of a queue at once, or one in place";
    const SendBuffer words = MakeWords(kTold, {speaker, number, serial_});
    if (serial_++ % 2 == 0) {
      for (const SessionRef& member : members_) member.Send(words);
    } else {
      Broadcast(words);
    }
    if (serial_ % 16 == 0) {  // the rest goes to the GlobalQueue and on to another shard
      for (int i = 0; i < kMoreThanASlice; ++i) Push([] {});
    }
    inside_ = false;
  }
  bool empty() const { return members_.empty(); }

 private:
  void Broadcast(const SendBuffer& words) {
    for (std::size_t i = 0; i < group_.size(); ++i) {
      auto list = std::make_shared<std::vector<SessionId>>();
      for (const SessionRef& member : members_) {
        if (member.shard() == &group_.shard(i)) list->push_back(member.id());
      }
      group_.shard(i).PostBroadcast(std::move(list), words);
    }
  }

  ShardGroup& group_;
  std::vector<SessionRef> members_;
  std::uint32_t serial_ = 0;
  bool inside_ = false;
};

class TalkConnection final : public PacketSession {
 public:
  TalkConnection(const SessionOptions& options, std::shared_ptr<TalkRoom> room)
      : PacketSession(options, kRoomFraming), room_(std::move(room)) {}

 private:
  void OnPacket(const PacketView& packet) override {
    if (packet.id == kJoin) {
      room_->Push(&TalkRoom::Enter, ref());
      // The reply comes after the push and is first all the same: a push never runs in place, and
      // what jobs send waits in the inbox.
      Send(MakeWords(kWelcome, {}));
    } else {
      const Words said = ReadWords(packet);
      room_->Push(&TalkRoom::Tell, said.speaker, said.number);
    }
  }
  void OnDisconnected(CloseReason, std::error_code) override {
    room_->Push(&TalkRoom::Leave, ref());
  }
  std::shared_ptr<TalkRoom> room_;
};

/// Rooms, and clients that join, talk, leave, and are followed by others.
class TalkSystem {
 public:
  TalkSystem(ShardGroup& server_group, ShardGroup& client_group)
      : server_group_(server_group),
        client_group_(client_group),
        room_(std::make_shared<TalkRoom>(server_group)),
        server_(server_group,
                [this](Shard&, const NetAddress&) {
                  return std::make_unique<TalkConnection>(server_.session_options(), room_);
                },
                {}),
        client_(client_group.shard(0), {}) {}

  void Start(const NetAddress& at) {
    address_ = server_.Start(at).value();
    client_group_.shard(0).Post([this] {
      for (std::size_t i = 0; i < kTalkersAtOnce; ++i) Connect();
    });
  }
  bool done() const { return left_.load() == kTalkers; }
  void StopListening() { server_.Stop(); }
  ShardGroup& server_group() { return server_group_; }
  const TalkRoom& room() const { return *room_; }

 private:
  class Client;
  void Connect();

  ShardGroup& server_group_;
  ShardGroup& client_group_;
  std::shared_ptr<TalkRoom> room_;
  ServerService server_;
  ClientService client_;
  NetAddress address_;
  std::uint32_t connected_ = 0;  ///< the client shard's
  std::atomic<std::uint32_t> left_{0};
};

class TalkSystem::Client final : public PacketSession {
 public:
  Client(TalkSystem& system, std::uint32_t number)
      : PacketSession(system.client_.session_options(), kRoomFraming),
        system_(system),
        number_(number) {}

 private:
  void OnConnected() override { Send(MakeWords(kJoin, {})); }
  void OnPacket(const PacketView& packet) override {
    EXPECT_EQ(packet.id == kWelcome, !welcome_) << "the reply is the first that comes";
    if (packet.id == kWelcome) {
      welcome_ = true;
      return Say(3);
    }
    const Words told = ReadWords(packet);
    if (heard_any_) {
      EXPECT_EQ(told.serial, next_serial_) << "out of order";
    }
    heard_any_ = true;
    next_serial_ = told.serial + 1;
    if (told.speaker != number_) return;
    EXPECT_EQ(told.number, heard_own_++) << "first in, first out for each pusher";
    Say(1);
    if (heard_own_ == kSaysEach) Disconnect(CloseKind::kOrderly);
  }
  void OnDisconnected(CloseReason, std::error_code) override {
    EXPECT_EQ(heard_own_, kSaysEach);
    system_.left_.fetch_add(1);
    if (system_.connected_ < kTalkers) system_.Connect();
  }
  void Say(std::uint32_t count) {
    for (; count > 0 && said_ < kSaysEach; --count) {
      Send(MakeWords(kSay, {number_, said_++, 0}));
    }
  }

  TalkSystem& system_;
  const std::uint32_t number_;
  bool welcome_ = false;
  bool heard_any_ = false;
  std::uint32_t next_serial_ = 0, heard_own_ = 0, said_ = 0;
};

void TalkSystem::Connect() {
  client_.Connect(std::make_unique<Client>(*this, connected_++), address_);
}

SimOptions TalkNetwork(std::uint64_t seed) {
  return {.seed = seed,
          .latency_min = 10us,
          .latency_max = seed % 2 == 0 ? 100us : 5ms,
          .read_bytes_max = seed % 3 == 0 ? 5U : 0U,
          .short_read_probability = 0.2,
          .short_send_probability = 0.2,
          .spurious_readable_probability = 0.1};
}

TEST(RoomOrderTest, LoginRepliesComeFirstAndMessagesKeepTheirOrderForManySeeds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimWorld world(TalkNetwork(seed));
    ShardGroup& server_group = world.AddProcess(1 + seed % 4);
    TalkSystem system(server_group, world.AddProcess(1));
    system.Start(NetAddress::Ipv4({10, 0, 0, 1}, 7777));
    EXPECT_TRUE(world.RunUntil([&] { return system.done(); }, 1min));
    system.StopListening();
    world.Close();
    EXPECT_TRUE(system.room().empty());
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(RoomOrderTest, LoginRepliesComeFirstAndMessagesKeepTheirOrderWithThreads) {
  ShardGroup server_group(ShardGroup::MakePorts(3));
  ShardGroup client_group(ShardGroup::MakePorts(1));
  TalkSystem system(server_group, client_group);
  system.Start(NetAddress::Loopback(0));
  server_group.Start();
  client_group.Start();
  while (!system.done()) std::this_thread::yield();
  std::promise<void> stopped;
  server_group.shard(0).Post([&] {
    system.StopListening();
    stopped.set_value();
  });
  stopped.get_future().wait();
  client_group.Shutdown(5s);
  server_group.Shutdown(5s);
  EXPECT_TRUE(system.room().empty());
}

}  // namespace
}  // namespace servercore::testing
