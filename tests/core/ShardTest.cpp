#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "ServerCore/job/JobQueue.h"
#include "tests/core/CallAt.h"
#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

TEST(ShardTest, MessagesOfManyThreadsArriveAllAndInEachThreadsOrder) {
  constexpr int kThreads = 4;
  constexpr int kMessages = 5000;
  ShardGroup group(ShardGroup::MakePorts(2));
  group.Start();
  std::vector<int> next(kThreads, 0);  // shard 1's
  std::atomic<int> arrived{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kMessages; ++i) {
        group.shard(1).Post([&, t, i] {
          EXPECT_EQ(next[static_cast<std::size_t>(t)]++, i);
          EXPECT_TRUE(group.shard(1).IsCurrent());
          arrived.fetch_add(1);
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  while (arrived.load() < kThreads * kMessages) std::this_thread::yield();
  group.Shutdown(1s);
}

TEST(ShardTest, ASleepingShardIsWokenByEachMessage) {
  // A message is posted only once the shard surely has nothing to do: a lost wake would hang here.
  ShardGroup group(ShardGroup::MakePorts(2));
  group.Start();
  std::atomic<int> balls{0};
  std::function<void(std::size_t)> play = [&](std::size_t to) {
    group.shard(to).Post([&, to] {
      if (balls.fetch_add(1) < 5000) play(1 - to);
    });
  };
  play(0);
  while (balls.load() <= 5000) std::this_thread::yield();
  group.Shutdown(1s);
}

TEST(ShardTest, TimersRunAtTheirTimeAndSeeIt) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  Shard& shard = group.shard(0);
  std::vector<Clock::duration> seen;
  const auto begin = world.Now();
  CallAt timer(shard.timers(), [&] {
    seen.push_back(world.Now() - begin);
    if (seen.size() < 3) shard.timers().Set(timer, shard.now() + 5s);
  });
  shard.timers().Set(timer, begin + 10s);
  world.RunFor(1min);
  EXPECT_EQ(seen, (std::vector<Clock::duration>{10s, 15s, 20s}));
}

/// How many of `talkers`, who all spoke while the server's shard was busy, its next turn hears.
std::size_t HeardInOneTurn(std::size_t talkers, bool has_much_to_send) {
  PairOptions options;
  options.server.backlog = static_cast<int>(talkers);
  Pair pair(WorldKind::kSimulated, options);
  std::vector<RecordPtr> clients;
  for (std::size_t i = 0; i < talkers; ++i) clients.push_back(pair.Connect());
  pair.sim().RunFor(1s);
  Shard& shard = pair.server_group().shard(0);
  pair.sim().Spend(shard, 1s);
  for (const RecordPtr& client : clients) client->session->SendText("hello");
  pair.sim().RunFor(500ms);
  if (has_much_to_send) {
    std::vector<SessionId> everyone;
    for (const RecordPtr& one : pair.accepted()) everyone.push_back(one->session->ref().id());
    shard.PostBroadcast(std::make_shared<std::vector<SessionId>>(std::move(everyone)),
                        BufferOf(shard, Packet("to all")));
  }
  shard.Turn(Clock::time_point::min());
  return static_cast<std::size_t>(std::ranges::count_if(
      pair.accepted(), [](const auto& one) { return !one->packets.empty(); }));
}

TEST(ShardTest, ATurnReadsOneBatchSoThatTimersAndSendsNeedNotWait) {
  EXPECT_EQ(HeardInOneTurn(3 * Shard::kBatch, false), Shard::kBatch);
}

TEST(ShardTest, ATurnThatHasMuchToSendReadsAsMuchFirst) {
  EXPECT_EQ(HeardInOneTurn(3 * Shard::kBatch, true), 3 * Shard::kBatch);
}

TEST(ShardTest, AMessageAfterALongSleepSeesTheTimeOfNow) {
  SimWorld world;
  Shard& shard = world.AddProcess(1).shard(0);
  world.RunFor(10s);
  Clock::time_point seen{};
  shard.Post([&] { seen = shard.now(); });
  world.RunFor(1s);
  EXPECT_EQ(seen, world.Now() - 1s);
}

TEST(ShardTest, ATimerThatIsAlwaysDueDoesNotHoldTheShard) {
  SimWorld world;
  Shard& shard = world.AddProcess(1).shard(0);
  int rings = 0;
  CallAt eager(shard.timers(), [&] {
    if (++rings < 1000) shard.timers().Set(eager, shard.now() - 1s);
  });
  CallAt other(shard.timers(), [] {});
  shard.timers().Set(other, world.Now() + 1h);
  shard.timers().Set(eager, world.Now());
  shard.Turn(world.Now());
  EXPECT_EQ(rings, 1);  // once a turn
  world.RunFor(1s);
  EXPECT_EQ(rings, 1000);
}

/// A flood on one shard, each packet of which gives work to something slower.
struct Flood {
  explicit Flood(std::function<void(ProbeSession&)> on_packet)
      : pair(WorldKind::kSimulated, MakeOptions(std::move(on_packet))) {}
  static PairOptions MakeOptions(std::function<void(ProbeSession&)> on_packet) {
    PairOptions options;
    options.server_shards = 2;
    options.client.session.queued_bytes_max = 64 * 1024 * 1024;
    options.on_server.packet = [on_packet](ProbeSession& session, const PacketView&) {
      on_packet(session);
    };
    return options;
  }
  void Send(RecordPtr client, std::size_t packets) {
    std::string stream;
    for (std::size_t i = 0; i < packets; ++i) stream += Packet("");
    client->session->SendBytes(stream);
  }
  Pair pair;
};

constexpr std::size_t kPackets = 200'000;
/// What one read can bring on top of the mark, in packets of four bytes.
constexpr std::size_t kOneRead = Shard::kReceiveBytes / sizeof(PacketHeader);

TEST(ShardTest, AShardThatFeedsASlowInboxLeavesItsSocketsUnread) {
  std::size_t posted = 0, done = 0, most = 0;
  Shard* slow = nullptr;
  Flood flood([&](ProbeSession&) {
    slow->Post([&] { ++done; });
    most = std::max(most, ++posted - done);
  });
  slow = &flood.pair.server_group().shard(1);
  const auto [client, server] = flood.pair.Establish();  // on shard 0
  flood.pair.sim().SetCpu(*slow, {.per_event = 1us});
  flood.Send(client, kPackets);
  EXPECT_TRUE(flood.pair.RunUntil([&] { return done == kPackets; }));
  EXPECT_LE(most, Shard::kWaitingMax + kOneRead);
  EXPECT_TRUE(
      flood.pair.RunUntil([&] { return !flood.pair.server_group().shard(0).HoldsReads(); }));
}

TEST(ShardTest, AShardThatFeedsALongJobQueueLeavesItsSocketsUnread) {
  std::size_t posted = 0, done = 0, most = 0;
  std::shared_ptr<JobQueue> room;
  Flood flood([&](ProbeSession&) {
    room->Push(Task([&] { ++done; }));
    most = std::max(most, ++posted - done);
  });
  room = std::make_shared<JobQueue>(flood.pair.server_group().global_queue());
  const auto [client, server] = flood.pair.Establish();
  const auto [quiet, quiet_server] = flood.pair.Establish();
  flood.Send(client, kPackets);
  EXPECT_TRUE(flood.pair.RunUntil([&] { return done == kPackets; }));
  EXPECT_LE(most, Shard::kWaitingMax + kOneRead);
  // A session that is closed while its read is held back is not missed.
  flood.Send(client, kPackets);
  EXPECT_TRUE(flood.pair.RunUntil([&] { return flood.pair.server_group().shard(0).HoldsReads(); }));
  server->session->Disconnect(CloseKind::kReset);
  EXPECT_TRUE(flood.pair.RunUntil([&] { return client->ended == 1 && server->ended == 1; }));
}

TEST(ShardTest, EveryReadThatWasHeldBackIsReadInTheEnd) {
  constexpr std::size_t kClients = 8;
  SimWorld* world = nullptr;
  std::shared_ptr<JobQueue> room;
  const auto crowd_the_room = [&] {
    for (std::size_t i = 0; i <= Shard::kWaitingMax; ++i) {
      room->Push(Task([&] { world->Spend(*Shard::Current(), 5us); }));
    }
  };
  // Each that is read makes the others wait again.
  Flood flood([&](ProbeSession&) { crowd_the_room(); });
  world = &flood.pair.sim();
  ShardGroup& group = flood.pair.server_group();
  room = std::make_shared<JobQueue>(group.global_queue());
  std::vector<RecordPtr> clients;
  for (std::size_t i = 0; i < kClients; ++i) clients.push_back(flood.pair.Establish().first);
  for (std::size_t i = 0; i < group.size(); ++i) group.shard(i).Post(crowd_the_room);
  for (const RecordPtr& client : clients) flood.Send(client, 1);
  const auto is_heard = [](const RecordPtr& one) { return one->packets.size() == 1; };
  EXPECT_TRUE(
      flood.pair.RunUntil([&] { return std::ranges::all_of(flood.pair.accepted(), is_heard); }));
  EXPECT_EQ(group.counters().shards.held_reads, kClients);
}

TEST(ShardTest, ABusyShardWithSimulatedCpuIsLateByExactlyItsWork) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(2);
  Shard& busy = group.shard(0);
  world.RunFor(1s);
  std::vector<Clock::duration> late;
  CallAt timer(busy.timers(), [&] { late.push_back(world.Now() - timer.due()); });
  CallAt idle_timer(group.shard(1).timers(),
                    [&] { late.push_back(world.Now() - idle_timer.due()); });
  const auto begin = world.Now();
  busy.Post([&] { world.Spend(busy, 30ms); });
  busy.timers().Set(timer, begin + 10ms);
  group.shard(1).timers().Set(idle_timer, begin + 10ms);
  world.RunFor(1s);
  EXPECT_EQ(late, (std::vector<Clock::duration>{0ms, 20ms}));
}

}  // namespace
}  // namespace servercore::testing
