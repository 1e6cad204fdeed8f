/// Limits of sessions and services, hit. Elsewhere: the exact length of the queue
/// (SessionSendTest), what a slow peer holds (SlowReaderTest), packet sizes (SessionFramingTest),
/// sessions and connects in flight (ServiceTest), descriptors (DescriptorLimitTest), threads
/// (ThreadLimitTest), Linux's backlog (BacklogTest).
#include <gtest/gtest.h>

#include <algorithm>

#include "ServerCore/io/Ports.h"
#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class LimitsTest : public ::testing::TestWithParam<WorldKind> {};
INSTANTIATE_TEST_SUITE_P(Worlds, LimitsTest,
                         ::testing::Values(WorldKind::kSimulated, WorldKind::kReal),
                         [](const auto& world) { return NameOf(world.param); });

std::size_t Connected(const std::vector<RecordPtr>& records) {
  return static_cast<std::size_t>(
      std::ranges::count_if(records, [](const auto& one) { return one->connected == 1; }));
}

/// A connection of the system that is never read from.
class DeafClient {
 public:
  explicit DeafClient(const NetAddress& to) : handle_(*port_->Connect(to, nullptr, connect_)) {}
  ~DeafClient() {
    port_->Close(handle_, CloseKind::kReset, closed_);
    std::array<IoEvent*, 4> events;
    while (port_->open_handles() > 0) port_->Wait(events, Clock::time_point::max());
  }
  DeafClient(const DeafClient&) = delete;
  DeafClient& operator=(const DeafClient&) = delete;

 private:
  const std::unique_ptr<CompletionPort> port_ = MakeSystemPort();
  IoEvent connect_;
  IoEvent closed_;
  const Handle handle_;
};

TEST(LimitsRealTest, AClientThatNeverReadsIsDroppedItsMemoryIsBoundedAndOthersNoticeNothing) {
  PairOptions options;
  options.server.session.queued_bytes_max = 256 * 1024;
  Pair pair(WorldKind::kReal, options);
  std::size_t heard = 0;
  for (int i = 0; i < 10; ++i) {
    pair.Establish({.packet = [&heard](ProbeSession& session, const PacketView&) {
      ++heard;
      session.record().packets.clear();
    }});
  }
  const DeafClient deaf(pair.address());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.server().session_count() == 11; }));
  const RecordPtr dropped = pair.accepted().back();
  const std::string packet = Packet(std::string(16'000, 'b'));
  std::size_t rounds = 0;
  while (dropped->ended == 0 && rounds < 100'000) {  // the system's own buffers fill first
    const SendBuffer buffer = BufferOf(pair.server_group().shard(0), packet);
    for (const RecordPtr& one : pair.accepted()) {
      if (one->session != nullptr) one->session->Send(buffer);
    }
    ++rounds;
    ASSERT_TRUE(pair.RunUntil([&] { return heard == 10 * rounds; })) << "in round " << rounds;
  }
  EXPECT_EQ(dropped->reason, CloseReason::kQueueFull);
  EXPECT_EQ(pair.server().session_count(), 10U);
  // What it owed, and the chunk that is being filled.
  EXPECT_LE(pair.server_group().counters().buffers.bytes_held_max,
            256 * 1024 + 2 * SendBufferChunk::kBytes);
}

TEST_P(LimitsTest, AClientThatConnectsAndSaysNothingIsDropped) {
  PairOptions options;
  options.server.session.idle_timeout = 100ms;
  Pair pair(GetParam(), options);
  const auto [client, server] = pair.Establish();
  const Record& silent = *server;
  EXPECT_TRUE(pair.RunUntil([&] { return silent.ended == 1; }));
  EXPECT_EQ(silent.reason, CloseReason::kIdle);
}

TEST_P(LimitsTest, AClientThatSendsOneByteAtATimeIsServed) {
  Pair pair(GetParam());
  const auto [client, server] = pair.Establish();
  const Record& slow = *server;
  const std::vector<std::string> texts{"to be", "", "or not"};
  for (const std::string& text : texts) {
    for (const char byte : Packet(text)) {
      const Clock::time_point before = slow.session->last_received();
      client->session->SendBytes({&byte, 1});
      // Time goes on between two bytes in each world, so each is read alone.
      ASSERT_TRUE(pair.RunUntil([&] { return slow.session->last_received() > before; }));
    }
  }
  EXPECT_EQ(slow.packets, texts);
}

TEST(LimitsSimTest, OneByteAtATimeIsNotIdle) {
  PairOptions options;
  options.server.session.idle_timeout = 3s;
  Pair pair(WorldKind::kSimulated, options);
  const auto [client, server] = pair.Establish();
  for (const char byte : Packet("slow, but alive")) {
    client->session->SendBytes({&byte, 1});
    pair.sim().RunFor(2s);
  }
  EXPECT_EQ(server->packets, std::vector<std::string>{"slow, but alive"});
  EXPECT_EQ(server->ended, 0);
}

TEST(LimitsSimTest, AStallOfOursDropsNobodyWhoSpoke) {
  constexpr std::size_t kTalkers = 2 * Shard::kBatch + 50;  // more than one turn reads
  PairOptions options;
  options.server.session.idle_timeout = 3s;
  options.server.backlog = kTalkers + 1;
  Pair pair(WorldKind::kSimulated, options);
  std::vector<RecordPtr> clients;
  for (std::size_t i = 0; i < kTalkers; ++i) clients.push_back(pair.Connect());
  const RecordPtr silent = pair.Connect();
  pair.sim().RunFor(1s);
  ASSERT_EQ(pair.server().session_count(), kTalkers + 1);
  pair.sim().Spend(pair.server_group().shard(0), 4s);
  for (int second = 0; second < 8; ++second) {
    for (const RecordPtr& one : clients) {
      if (one->session != nullptr) one->session->SendBytes(Packet("here"));
    }
    pair.sim().RunFor(1s);
  }
  EXPECT_EQ(pair.server().session_count(), kTalkers);
  EXPECT_EQ(silent->ended, 1);
}

TEST(LimitsSimTest, WhoIsSilentIsDroppedAlsoWhereEveryBatchIsFull) {
  constexpr std::size_t kTalkers = 4 * Shard::kBatch;
  PairOptions options;
  options.server.session.idle_timeout = 3s;
  options.server.backlog = kTalkers + 1;
  options.on_server.packet = [](ProbeSession& session, const PacketView&) {
    session.SendText("go on");
  };
  Pair pair(WorldKind::kSimulated, options);
  for (std::size_t i = 0; i < kTalkers; ++i) {
    pair.Connect(
        {.connected = [](ProbeSession& session) { session.SendText("hello"); },
         .packet = [](ProbeSession& session, const PacketView&) { session.SendText("and on"); }});
  }
  const RecordPtr silent = pair.Connect();
  pair.sim().RunFor(1ms);
  // A batch takes 0.25 s, and those that it answered have asked again when it is over.
  pair.sim().SetCpu(pair.server_group().shard(0), {.per_event = 1ms});
  pair.sim().RunFor(3s);
  EXPECT_EQ(silent->ended, 0);
  pair.sim().RunFor(4s);
  EXPECT_EQ(silent->ended, 1);
  EXPECT_EQ(pair.server().session_count(), kTalkers);
}

TEST(LimitsSimTest, ConnectionsBeyondTheBacklogTryAgainAndComeIn) {
  PairOptions options{.network = {.latency_min = 50us, .latency_max = 50us}};
  options.server.backlog = 2;
  options.server.accepts_posted = 1;
  Pair pair(WorldKind::kSimulated, options);
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(pair.Connect());
  // All arrive at one instant: one goes to the posted accept, two wait, the others are not heard.
  for (const std::size_t connected : {3U, 6U, 9U, 10U}) {
    pair.sim().RunFor(1s - 1us);
    EXPECT_EQ(Connected(clients), connected);
    EXPECT_EQ(pair.server().accepted(), connected);
  }
}

}  // namespace
}  // namespace servercore::testing
