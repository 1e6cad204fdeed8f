#include "ServerCore/job/JobQueue.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <set>
#include <thread>

#include "ServerCore/sim/SimWorld.h"

namespace servercore {
namespace {

using namespace std::chrono_literals;

TEST(JobQueueTest, JobsOfManyThreadsRunOneAtATimeAndInEachThreadsOrder) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kQueues = 5;
  constexpr int kJobs = 2000;
  struct Room : JobQueue {
    using JobQueue::JobQueue;
    std::array<int, kThreads> next{};  // no lock: only its jobs touch it
    bool inside = false;
  };
  ShardGroup group(ShardGroup::MakePorts(3));
  group.Start();
  std::vector<std::shared_ptr<Room>> rooms;
  for (std::size_t i = 0; i < kQueues; ++i) {
    rooms.push_back(std::make_shared<Room>(group.global_queue()));
  }
  std::atomic<int> done{0};
  const auto push = [&](std::size_t thread, int number) {
    for (const auto& room : rooms) {
      room->Push(Task([&done, &room = *room, thread, number] {
        EXPECT_FALSE(std::exchange(room.inside, true));
        EXPECT_EQ(room.next[thread]++, number);
        room.inside = false;
        done.fetch_add(1, std::memory_order_relaxed);
      }));
    }
  };
  std::vector<std::thread> outside;
  for (std::size_t t = 0; t < kThreads - 1; ++t) {
    outside.emplace_back([&push, t] {
      for (int i = 0; i < kJobs; ++i) push(t, i);
    });
  }
  for (int i = 0; i < kJobs; ++i) {  // and a shard itself
    group.shard(0).Post([&push, i] { push(kThreads - 1, i); });
  }
  for (std::thread& thread : outside) thread.join();
  while (done.load() < static_cast<int>(kThreads * kQueues) * kJobs) std::this_thread::yield();
  group.Shutdown(1s);
}

TEST(JobQueueTest, ALongQueueIsHandedToAnotherShardAndKeepsItsOrder) {
  std::set<std::size_t> shards_seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimWorld world({.seed = seed});
    ShardGroup& group = world.AddProcess(3);
    auto room = std::make_shared<JobQueue>(group.global_queue());
    constexpr int kJobs = 10'000;
    int next = 0;
    group.shard(0).Post([&] {
      for (int i = 0; i < kJobs; ++i) {
        room->Push(Task([&, i] {
          EXPECT_EQ(next++, i);
          shards_seen.insert(Shard::Current()->index());
        }));
      }
      EXPECT_EQ(next, 0) << "Push never runs a job in place";
    });
    ASSERT_TRUE(world.RunUntil([&] { return next == kJobs; }, 1s)) << "seed " << seed;
  }
  EXPECT_EQ(shards_seen.size(), 3U);
}

TEST(JobQueueTest, QueuesThatFeedEachOtherForEverHoldNoShard) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  auto a = std::make_shared<JobQueue>(group.global_queue());
  auto b = std::make_shared<JobQueue>(group.global_queue());
  int hits = 0;
  bool stop = false;
  std::function<void(JobQueue&, JobQueue&)> hit = [&](JobQueue& from, JobQueue& to) {
    ++hits;
    if (!stop) to.Push(Task([&] { hit(to, from); }));
  };
  a->Push(Task([&] { hit(*a, *b); }));
  group.shard(0).Turn(world.Now());  // comes back although there is always another job
  EXPECT_GT(hits, 1);
  stop = true;
  EXPECT_TRUE(world.RunUntil([&] { return group.IsIdle(); }, 1s));
}

TEST(JobQueueTest, AQueueThatFeedsItselfForEverHoldsNoShard) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  auto room = std::make_shared<JobQueue>(group.global_queue());
  int runs = 0, others = 0;
  bool stop = false;
  std::function<void()> again = [&] {
    ++runs;
    if (!stop) room->Push(Task(again));
  };
  room->Push(Task(again));
  group.shard(0).Turn(world.Now());
  EXPECT_GT(runs, 1);
  auto other = std::make_shared<JobQueue>(group.global_queue());
  other->Push([&] { ++others; });
  for (int turns = 0; turns < 2; ++turns) group.shard(0).Turn(world.Now());
  EXPECT_EQ(others, 1) << "and no other queue waits for long";
  stop = true;
  EXPECT_TRUE(world.RunUntil([&] { return group.IsIdle(); }, 1s));
}

/// No handles, and a clock that only the test moves: time passes within a turn.
class ClockPort final : public CompletionPort {
 public:
  explicit ClockPort(Clock::time_point& now) : now_(now) {}
  Result<Handle> Attach(DetachedSocket) override { return kNot; }
  Result<Handle> Listen(const NetAddress&, int) override { return kNot; }
  Result<Handle> Connect(const NetAddress&, const NetAddress*, IoEvent&) override { return kNot; }
  void Accept(Handle, AcceptEvent&) override {}
  void AwaitReadable(Handle, IoEvent&) override {}
  IoResult Read(Handle, std::span<const MutableBuffer>) override { return {}; }
  IoResult Send(Handle, std::span<const ConstBuffer>, IoEvent&) override { return {}; }
  void ShutdownSend(Handle) override {}
  void Close(Handle, CloseKind, IoEvent&) override {}
  NetAddress LocalAddress(Handle) const override { return {}; }
  std::intptr_t NativeSocket(Handle) const override { return -1; }
  std::size_t Wait(std::span<IoEvent*>, Clock::time_point) override { return 0; }
  void Wake() noexcept override {}
  Clock::time_point Now() const override { return now_; }
  std::size_t open_handles() const override { return 0; }

 private:
  static inline const std::error_code kNot =
      std::make_error_code(std::errc::operation_not_supported);
  Clock::time_point& now_;
};

TEST(JobQueueTest, AfterTheSliceTheTurnEndsAndAQuietQueueGoesFirst) {
  Clock::time_point now{};
  std::vector<std::unique_ptr<CompletionPort>> ports;
  ports.push_back(std::make_unique<ClockPort>(now));
  ShardGroup group(std::move(ports));
  Shard& shard = group.shard(0);
  auto busy = std::make_shared<JobQueue>(group.global_queue());
  auto quiet = std::make_shared<JobQueue>(group.global_queue());
  int ran = 0, ran_before_quiet = 0;
  shard.Post([&] {
    for (int i = 0; i < 40; ++i) {
      busy->Push([&] {
        ++ran;
        now += 250us;  // a quarter of the slice
      });
    }
    quiet->Push([&] { ran_before_quiet = ran; });
  });
  shard.Turn(now);
  EXPECT_EQ(ran, 4);
  EXPECT_EQ(busy->size(), 36U);
  EXPECT_FALSE(group.global_queue().empty()) << "the rest is for whoever has time";
  EXPECT_FALSE(shard.HasOwnWork());
  shard.Turn(now);
  EXPECT_EQ(quiet->size(), 0U);
  EXPECT_EQ(ran_before_quiet, 4) << "it stood before the queue that had its slice";
  while (ran < 40) shard.Turn(now);
  group.Shutdown(0ms);
}

TEST(JobQueueTest, PushNeverRunsAJobInPlaceForManySeeds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimWorld world({.seed = seed});
    ShardGroup& group = world.AddProcess(1 + seed % 3);
    std::array<std::shared_ptr<JobQueue>, 3> rooms;
    for (auto& room : rooms) room = std::make_shared<JobQueue>(group.global_queue());
    SimRandom random(seed);
    int depth = 0, left = 500, ran = 0;
    std::function<void()> push = [&] {
      ASSERT_EQ(depth++, 0) << "seed " << seed;
      for (int i = 0; i < 3 && left > 0; ++i, --left) {
        rooms[random.UpTo(rooms.size() - 1)]->Push([&] {
          ++ran;
          push();
        });
      }
      --depth;
    };
    push();                                // outside of any turn
    group.shard(0).Post([&] { push(); });  // from a message, and from jobs
    EXPECT_TRUE(world.RunUntil([&] { return group.IsIdle(); }, 1s)) << "seed " << seed;
    EXPECT_EQ(ran, 500);
  }
}

TEST(JobQueueTest, FirstInFirstOutForEachPusherForManySeeds) {
  constexpr std::size_t kPushers = 4;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimWorld world({.seed = seed});
    ShardGroup& group = world.AddProcess(kPushers);
    auto room = std::make_shared<JobQueue>(group.global_queue());
    std::array<int, kPushers> pushed{}, next{};
    int ran = 0;
    const auto push = [&](std::size_t pusher, int count) {
      for (int i = 0; i < count; ++i) {
        room->Push([&, pusher, number = pushed[pusher]++] {
          EXPECT_EQ(next[pusher]++, number) << "seed " << seed;
          ++ran;
        });
      }
    };
    SimRandom random(seed);
    for (int i = 0; i < 20; ++i) {  // often more than fits into a slice, so that it moves
      const std::size_t pusher = random.UpTo(kPushers - 1);
      const int count = static_cast<int>(random.UpTo(700));
      group.shard(pusher).Post([&push, pusher, count] { push(pusher, count); });
      if (random.Happens(0.3)) world.RunFor(0ms);
    }
    world.RunFor(1ms);
    EXPECT_EQ(ran, pushed[0] + pushed[1] + pushed[2] + pushed[3]);
  }
}

/// Gives a shard more work of its own with each of its turns than it can do in them.
class OwnWork {
 public:
  explicit OwnWork(ShardGroup& group) : group_(group) { Next(); }
  void Stop() { stop_ = true; }

 private:
  void Next() {
    group_.shard(0).Post([this] {
      auto queue = std::make_shared<JobQueue>(group_.global_queue());
      for (int i = 0; i < 1500; ++i) queue->Push([] {});
      if (!stop_) Next();
    });
  }
  ShardGroup& group_;
  bool stop_ = false;
};

TEST(JobQueueTest, AShardsOwnJobsDoNotStarveTheGlobalQueue) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  OwnWork own(group);
  bool ran = false;
  auto waits = std::make_shared<JobQueue>(group.global_queue());
  waits->Push([&] { ran = true; });  // from outside: it lies in the GlobalQueue
  for (int turns = 0; turns < 3; ++turns) group.shard(0).Turn(world.Now());
  EXPECT_TRUE(ran);
  own.Stop();
  EXPECT_TRUE(world.RunUntil([&] { return group.IsIdle(); }, 1s));
}

TEST(JobQueueTest, TheGlobalQueueDoesNotStarveAShardsOwnJobs) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  std::vector<std::shared_ptr<JobQueue>> long_ones;
  for (int i = 0; i < 20; ++i) {
    long_ones.push_back(std::make_shared<JobQueue>(group.global_queue()));
    for (int job = 0; job < 1500; ++job) long_ones.back()->Push([] {});
  }
  bool ran = false;
  auto quiet = std::make_shared<JobQueue>(group.global_queue());
  group.shard(0).Post([&] { quiet->Push([&] { ran = true; }); });
  for (int turns = 0; turns < 2; ++turns) group.shard(0).Turn(world.Now());
  EXPECT_TRUE(ran);
  world.RunFor(1s);
}

TEST(JobQueueTest, QuietQueuesBehindALongOneGoToTheGlobalQueue) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(2);
  auto hot = std::make_shared<JobQueue>(group.global_queue());
  int ran = 0;
  group.shard(0).Post([&] {
    for (int i = 0; i < 1500; ++i) hot->Push([] {});
    for (int i = 0; i < 100; ++i)
      std::make_shared<JobQueue>(group.global_queue())->Push([&] { ++ran; });
  });
  group.shard(0).Turn(world.Now());
  EXPECT_EQ(ran, 0) << "the hot one used the slice up";
  group.shard(1).Turn(world.Now());
  EXPECT_EQ(ran, 100) << "before what is left of the hot one";
  world.RunFor(1s);
}

TEST(JobQueueTest, WhatIsLeftOfASliceWakesASleepingShard) {
  constexpr int kJobs = 3000;  // more than a slice holds
  ShardGroup group(ShardGroup::MakePorts(2));
  group.Start();
  for (int round = 0; round < 50; ++round) {
    auto room = std::make_shared<JobQueue>(group.global_queue());
    std::atomic<int> ran{0};
    std::atomic<bool> freed{false};
    group.shard(0).Post([&] {
      for (int i = 0; i < kJobs; ++i) room->Push([&] { ran.fetch_add(1); });
      // Its next turn does not come before the rest was run: only another shard can.
      group.shard(0).Post([&] {
        while (ran.load() < kJobs) std::this_thread::yield();
        freed.store(true);
      });
    });
    while (!freed.load()) std::this_thread::yield();
  }
  group.Shutdown(1s);
}

TEST(JobQueueTest, APushFromAnotherGroupsShardRunsInItsOwnGroup) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  ShardGroup& stranger = world.AddProcess(1);
  auto room = std::make_shared<JobQueue>(group.global_queue());
  std::vector<Shard*> ran_on;
  stranger.shard(0).Post([&] {
    room->Push([&] { ran_on.push_back(Shard::Current()); });
    room->PushAfter(1ms, [&] { ran_on.push_back(Shard::Current()); });
  });
  world.RunFor(1s);
  EXPECT_EQ(ran_on, (std::vector<Shard*>{&group.shard(0), &group.shard(0)}));
}

TEST(JobQueueTest, AQueueLivesUntilItsJobsRanAndNoLonger) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  auto captured = std::make_shared<int>(7);
  int seen = 0;
  auto room = std::make_shared<JobQueue>(group.global_queue());
  room->Push(Task([captured, &seen] { seen = *captured; }));
  const std::weak_ptr<JobQueue> weak_room = room;
  const std::weak_ptr<int> weak_captured = captured;
  room.reset();
  captured.reset();
  EXPECT_FALSE(weak_room.expired());
  world.RunFor(1ms);
  EXPECT_EQ(seen, 7);
  EXPECT_TRUE(weak_room.expired());
  EXPECT_TRUE(weak_captured.expired());
}

TEST(JobQueueTest, WhatAJobCapturedIsGoneBeforeTheNextJobRuns) {
  SimWorld world;
  ShardGroup& group = world.AddProcess(1);
  auto room = std::make_shared<JobQueue>(group.global_queue());
  auto captured = std::make_shared<int>(1);
  const std::weak_ptr<int> weak = captured;
  room->Push(Task([held = std::move(captured)] { EXPECT_EQ(*held, 1); }));
  room->Push(Task([&] { EXPECT_TRUE(weak.expired()); }));
  world.RunFor(1ms);
  EXPECT_EQ(room->size(), 0U);
}

TEST(JobQueueTest, JobsThatNeverRanAreFreedWithTheirGroup) {
  const auto captured = std::make_shared<int>(1);
  {
    ShardGroup group(ShardGroup::MakePorts(1));
    auto room = std::make_shared<JobQueue>(group.global_queue());
    for (int i = 0; i < 10; ++i) room->Push(Task([captured] {}));
    EXPECT_EQ(captured.use_count(), 11);
  }
  EXPECT_EQ(captured.use_count(), 1);
}

TEST(JobQueueTest, MembersAreCalledWithCopiesOfTheirArguments) {
  struct Room : JobQueue {
    using JobQueue::JobQueue;
    void Enter(const std::string& name, int seat) { log.append(name).append(std::to_string(seat)); }
    void Take(std::unique_ptr<int> value) { log.append(std::to_string(*value)); }
    std::string log;
  };
  SimWorld world;
  ShardGroup& group = world.AddProcess(2);
  auto room = std::make_shared<Room>(group.global_queue());
  std::string name = "ann";
  room->Push(&Room::Enter, name, 3);
  room->Push(&Room::Take, std::make_unique<int>(42));
  name = "changed";
  world.RunFor(1ms);
  EXPECT_EQ(room->log, "ann342");
}

}  // namespace
}  // namespace servercore
