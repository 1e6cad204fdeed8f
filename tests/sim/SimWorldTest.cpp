#include "ServerCore/sim/SimWorld.h"

#include <gtest/gtest.h>

#include "ServerCore/job/JobQueue.h"
#include "tests/core/CallAt.h"

namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

TEST(SimWorldTest, AnIdleWorldJumpsThroughTimeAtOnce) {
  SimWorld world;
  world.AddProcess(4);
  const auto begin = world.Now();
  world.RunFor(24h * 365);
  EXPECT_EQ(world.Now() - begin, 24h * 365);
}

TEST(SimWorldTest, RunUntilEndsWithTheTurnThatMadeItTrue) {
  SimWorld world;
  Shard& shard = world.AddProcess(1).shard(0);
  bool rung = false;
  CallAt timer(shard.timers(), [&] { rung = true; });
  const auto begin = world.Now();
  shard.timers().Set(timer, begin + 3s);
  EXPECT_FALSE(world.RunUntil([&] { return rung; }, 2s));
  EXPECT_EQ(world.Now() - begin, 2s);
  EXPECT_TRUE(world.RunUntil([&] { return rung; }, 2s));
  EXPECT_EQ(world.Now() - begin, 3s);
}

TEST(SimWorldTest, ShardsSeeThemselvesAndTimeStandsStillWithinATurn) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(3);
  int seen = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    group.shard(i).Post([&, i] {
      EXPECT_EQ(Shard::Current(), &group.shard(i));
      EXPECT_EQ(group.shard(i).port().Now(), world.Now());
      ++seen;
    });
  }
  world.RunFor(1ms);
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(Shard::Current(), nullptr);
}

TEST(SimWorldTest, AChargedShardWorksThroughItsLoadAndNoFaster) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(2);
  Shard& slow = group.shard(0);
  world.RunFor(1s);
  world.SetCpu(slow, {.per_turn = 1ms, .per_event = 100us});
  std::vector<Clock::duration> at;
  const auto begin = world.Now();
  std::vector<std::unique_ptr<CallAt>> timers;
  for (int i = 0; i < 10; ++i) {  // one is due each ms; a turn with one takes 1.1 ms or more
    timers.push_back(
        std::make_unique<CallAt>(slow.timers(), [&] { at.push_back(world.Now() - begin); }));
    slow.timers().Set(*timers.back(), begin + std::chrono::milliseconds(i));
  }
  world.RunFor(1s);
  ASSERT_EQ(at.size(), 10U);
  // 1.1 ms for the first; then each turn takes what has become due.
  EXPECT_EQ(at[0], 0ms);
  EXPECT_EQ(at[1], 1100us);
  EXPECT_EQ(at[2], 2200us);
  EXPECT_EQ(at.back(), 9900us);
}

TEST(SimWorldTest, ASleeperMayLeaveTheGlobalQueueToABusyShardThatWasWoken) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(2);
  const auto queue = std::make_shared<JobQueue>(group.global_queue());
  world.RunFor(1s);
  int ran = 0;
  // A push wakes one shard and the next push the other: with each of them busy twice in a row, at
  // least one is while it is woken.
  for (const std::size_t busy : {0U, 0U, 1U, 1U}) {
    world.Spend(group.shard(busy), 1ms);
    queue->Push([&] { ++ran; });
    world.RunFor(1s);
  }
  EXPECT_EQ(ran, 4);
}

}  // namespace
}  // namespace servercore::testing
