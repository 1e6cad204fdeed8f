#include "ServerCore/job/JobTimer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/sim/SimWorld.h"

namespace servercore {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<Clock::duration>;

/// A simulated process, and a room that notes when its jobs ran.
class JobTimerTest : public ::testing::Test {
 protected:
  struct Room : JobQueue {
    Room(GlobalQueue& global_queue, SimWorld& noted) : JobQueue(global_queue), world(noted) {}
    void Note() { ran.push_back(world.Now() - begin); }
    void Say(const std::string& text) { said += text; }

    SimWorld& world;
    const Clock::time_point begin = world.Now();
    Times ran;
    std::string said;
  };
  std::shared_ptr<Room> MakeRoom() { return std::make_shared<Room>(group_.global_queue(), world_); }

  SimWorld world_{{.seed = 1}};
  ShardGroup& group_ = world_.AddProcess(3);
  std::shared_ptr<Room> room_ = MakeRoom();
};

TEST_F(JobTimerTest, ADelayedJobRunsOnceAtItsTime) {
  room_->PushAfter(30ms, &Room::Note);                                 // from outside
  group_.shard(1).Post([&] { room_->PushAfter(20ms, &Room::Note); });  // from a shard
  room_->Push([&] { room_->PushAfter(10ms, [room = room_.get()] { room->Note(); }); });  // a job
  world_.RunFor(0ms);
  EXPECT_EQ(group_.job_timer_count(), 3U);
  world_.RunFor(1s);
  EXPECT_EQ(room_->ran, (Times{10ms, 20ms, 30ms}));
  EXPECT_EQ(group_.job_timer_count(), 0U);
}

TEST_F(JobTimerTest, ARepeatedJobKeepsItsGrid) {
  room_->PushEvery(10ms, [this] {
    room_->Note();
    world_.Spend(*Shard::Current(), 3ms);  // the job's own time does not shift the next
  });
  world_.RunFor(50ms);
  EXPECT_EQ(room_->ran, (Times{10ms, 20ms, 30ms, 40ms, 50ms}));
}

TEST_F(JobTimerTest, ALateRepeatedJobIsDoneOnceAndReturnsToItsGrid) {
  group_.shard(0).Post([this] { room_->PushEvery(10ms, &Room::Note); });
  world_.RunFor(15ms);
  world_.Spend(group_.shard(0), 32ms);
  world_.RunFor(45ms);
  EXPECT_EQ(room_->ran, (Times{10ms, 47ms, 50ms, 60ms}));
}

TEST_F(JobTimerTest, RepetitionsDoNotPileUpInABusyQueue) {
  room_->PushEvery(1ms, &Room::Note);
  world_.RunFor(0ms);
  int left = 20'000;  // a thousand or so a turn, each of them charged: it takes many periods
  for (int i = left; i > 0; --i) {
    room_->Push([&] {
      if (--left % 1000 == 0) world_.Spend(*Shard::Current(), 5ms);
    });
  }
  std::size_t most = 0;
  ASSERT_TRUE(world_.RunUntil(
      [&] {
        most = std::max(most, room_->size() - static_cast<std::size_t>(left));
        return left == 0;
      },
      1s));
  EXPECT_GT(world_.Now() - room_->begin, 20ms);
  EXPECT_EQ(most, 1U);
}

TEST_F(JobTimerTest, WhatAJobOfTheQueueCancelsNeverRuns) {
  JobTimer once, repeated;
  int ran = 0;
  group_.shard(0).Post([&] {
    room_->PushAfter(10ms, [&] { ++ran, once.Cancel(), repeated.Cancel(); });
    once = room_->PushAfter(11ms, [] { FAIL() << "ran after its cancel"; });
    repeated = room_->PushEvery(12ms, [] { FAIL() << "ran after its cancel"; });
  });
  world_.RunFor(5ms);
  world_.Spend(group_.shard(0), 10ms);  // so that all three are pushed in one turn
  world_.RunFor(1s);
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(group_.job_timer_count(), 0U);
}

TEST_F(JobTimerTest, ARepeatedJobMayCancelItself) {
  JobTimer timer;
  timer = room_->PushEvery(10ms, [&] {
    room_->Note();
    if (room_->ran.size() == 3) timer.Cancel();
  });
  world_.RunFor(1s);
  EXPECT_EQ(room_->ran, (Times{10ms, 20ms, 30ms}));
  EXPECT_EQ(group_.job_timer_count(), 0U);
}

TEST_F(JobTimerTest, CancelFreesWhatWasCapturedFromAnyShardAndFromOutside) {
  const auto captured = std::make_shared<int>(1);
  for (std::size_t from = 0; from <= group_.size(); ++from) {
    JobTimer timer = room_->PushEvery(1h, [captured] {});
    JobTimer copy = timer;
    world_.RunFor(1ms);
    EXPECT_EQ(captured.use_count(), 2);
    if (from < group_.size()) {
      group_.shard(from).Post([timer]() mutable { timer.Cancel(); });
    } else {
      timer.Cancel();
    }
    world_.RunFor(1ms);
    EXPECT_EQ(captured.use_count(), 1) << from;
    EXPECT_EQ(group_.job_timer_count(), 0U);
    copy.Cancel();  // harmless
  }
  JobTimer early = room_->PushAfter(0ms, [captured] { FAIL() << "cancelled before it was armed"; });
  early.Cancel();
  JobTimer().Cancel();
  world_.RunFor(1s);
  EXPECT_EQ(captured.use_count(), 1);
}

TEST_F(JobTimerTest, ATimerKeepsItsQueueNotAlive) {
  const auto captured = std::make_shared<int>(1);
  room_->PushAfter(10ms, [captured] { FAIL() << "its queue is gone"; });
  room_->PushEvery(10ms, [captured] { FAIL() << "its queue is gone"; });
  const std::weak_ptr<Room> weak = room_;
  world_.RunFor(1ms);
  room_.reset();
  EXPECT_TRUE(weak.expired());
  world_.RunFor(10ms);
  EXPECT_EQ(group_.job_timer_count(), 0U);
  EXPECT_EQ(captured.use_count(), 1);
}

TEST_F(JobTimerTest, ARepeatedMemberGetsItsArgumentsEachTime) {
  std::string text = "ab";
  room_->PushEvery(10ms, &Room::Say, text);
  text = "changed";
  world_.RunFor(30ms);
  EXPECT_EQ(room_->said, "ababab");
}

TEST_F(JobTimerTest, AtTheEndAllAreCancelledAndNewOnesAreDropped) {
  const auto captured = std::make_shared<int>(1);
  room_->PushEvery(10ms, [captured] {});
  room_->PushAfter(1h, [captured] {});
  world_.RunFor(15ms);
  EXPECT_EQ(captured.use_count(), 3);
  world_.Close();
  EXPECT_EQ(captured.use_count(), 1);
  room_->PushAfter(1ms, [captured] { FAIL() << "pushed after the end"; });
  world_.RunFor(1s);
  EXPECT_EQ(captured.use_count(), 1);
  EXPECT_EQ(group_.job_timer_count(), 0U);
}

/// Draws delays, periods, cancels and rooms that go, from outside, shards and jobs; each job must
/// run exactly when a plain calculation says.
class TimerTraffic {
 public:
  explicit TimerTraffic(std::uint64_t seed)
      : random_(seed), world_({.seed = seed}), group_(world_.AddProcess(1 + seed % 3)) {}

  void Run() {
    for (int i = 0; i < 4; ++i) Open();
    for (int step = 0; step < 300; ++step) {
      const std::size_t place = random_.UpTo(group_.size());
      if (place < group_.size()) {
        group_.shard(place).Post([this] { Act(); });
      } else {
        Act();
      }
      world_.RunFor(std::chrono::microseconds(random_.UpTo(3000)));
    }
    world_.RunFor(kLongest);
    rooms_.clear();
    world_.RunFor(kLongest);
    EXPECT_EQ(group_.job_timer_count(), 0U);
    for (const Planned& plan : plans_) {
      const bool must = !plan.repeated && !plan.cancelled && !plan.room_gone;
      EXPECT_TRUE(plan.ran || !must) << "a job was lost";
    }
    EXPECT_GT(ran_, 100);
  }

 private:
  static constexpr Clock::duration kLongest = 20ms;
  struct Planned {
    Clock::time_point due;
    Clock::duration period{};
    JobTimer timer{};
    std::size_t room = 0;
    bool repeated = false, cancelled = false, room_gone = false, ran = false;
  };

  void Open() { rooms_.push_back(std::make_shared<JobQueue>(group_.global_queue())); }
  void Act() {
    switch (random_.UpTo(9)) {
      case 0:
        return Replace(random_.UpTo(rooms_.size() - 1));
      case 1:
      case 2:
      case 3:
        return Cancel();
      default:
        return Plan(random_.UpTo(rooms_.size() - 1));
    }
  }
  void Replace(std::size_t room) {
    for (Planned& plan : plans_) plan.room_gone |= plan.room == room;
    rooms_[room] = std::make_shared<JobQueue>(group_.global_queue());
  }
  void Cancel() {  // on its queue's own turn: then it is certain
    if (plans_.empty()) return;
    Planned& plan = plans_[random_.UpTo(plans_.size() - 1)];
    if (plan.room_gone) return plan.timer.Cancel();
    rooms_[plan.room]->Push([&plan] {
      plan.timer.Cancel();
      plan.cancelled = true;
    });
  }
  void Plan(std::size_t room) {
    const std::chrono::microseconds time(500 + random_.UpTo(19'500));
    Planned& plan = plans_.emplace_back();
    plan.room = room;
    plan.due = world_.Now() + time;
    plan.repeated = random_.Happens(0.3);
    plan.period = plan.repeated ? Clock::duration(time) : Clock::duration::zero();
    const auto job = [this, &plan] { Check(plan); };
    plan.timer =
        plan.repeated ? rooms_[room]->PushEvery(time, job) : rooms_[room]->PushAfter(time, job);
  }
  void Check(Planned& plan) {
    ++ran_;
    EXPECT_EQ(world_.Now(), plan.due);
    EXPECT_FALSE(plan.cancelled) << "ran after its cancel";
    EXPECT_FALSE(plan.room_gone) << "ran without its room";
    EXPECT_FALSE(plan.ran && !plan.repeated) << "ran twice";
    plan.ran = true;
    plan.due += plan.period;
  }

  SimRandom random_;
  std::deque<Planned> plans_;
  SimWorld world_;
  ShardGroup& group_;
  std::vector<std::shared_ptr<JobQueue>> rooms_;
  int ran_ = 0;
};

TEST(JobTimerSeedsTest, EachJobRunsAtItsTimeOrNeverForManySeeds) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TimerTraffic(seed).Run();
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(JobTimerSeedsTest, ACancelAtTheVeryMomentItIsDueIsCertain) {
  int ran_first = 0, cancelled_first = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimWorld world({.seed = seed});
    ShardGroup& group = world.AddProcess(2);
    const auto room = std::make_shared<JobQueue>(group.global_queue());
    JobTimer timer;
    bool ran = false, cancelled = false;
    group.shard(0).Post([&] {
      timer = room->PushAfter(10ms, [&] {
        EXPECT_FALSE(cancelled) << "ran after its cancel";
        ran = true;
      });
    });
    group.shard(1).Post([&] {
      room->PushAfter(10ms, [&] {
        timer.Cancel();
        cancelled = true;
      });
    });
    world.RunFor(1s);
    EXPECT_TRUE(cancelled);
    ++(ran ? ran_first : cancelled_first);
    EXPECT_EQ(group.job_timer_count(), 0U);
  }
  EXPECT_GT(ran_first, 10);
  EXPECT_GT(cancelled_first, 10);
}

TEST(JobTimerThreadsTest, TimersOfManyThreadsRunAreCancelledAndLeaveNothing) {
  constexpr int kThreads = 3;
  constexpr int kTimers = 2000;
  struct Room : JobQueue {
    using JobQueue::JobQueue;
    int ran = 0;  // no lock: only its jobs touch it
  };
  const auto captured = std::make_shared<int>(1);
  std::atomic<int> expected{0}, done{0};
  ShardGroup group(ShardGroup::MakePorts(2));
  group.Start();
  const auto churn = [&](int thread) {
    auto room = std::make_shared<Room>(group.global_queue());
    const auto tick = room->PushEvery(100us, [captured, room = room.get()] { ++room->ran; });
    for (int i = 0; i < kTimers; ++i) {
      expected.fetch_add(1);
      room->PushAfter(std::chrono::microseconds(i % 500), [captured, room = room.get(), &done] {
        ++room->ran;
        done.fetch_add(1);
      });
      JobTimer never = room->PushAfter(1h, [captured] { FAIL(); });
      if (i % 2 == 0) never.Cancel();
      // On the queue's own turn a cancel is certain, however close the time is.
      room->Push([captured, room = room.get()] {
        auto cancelled = std::make_shared<bool>(false);
        JobTimer close = room->PushAfter(0us, [cancelled] { EXPECT_FALSE(*cancelled); });
        room->Push([close, cancelled]() mutable {
          close.Cancel();
          *cancelled = true;
        });
      });
      if (i % 100 == thread) std::make_shared<Room>(group.global_queue())->PushEvery(1us, [] {});
    }
    while (done.load() < expected.load()) std::this_thread::yield();
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(churn, t);
  for (std::thread& thread : threads) thread.join();
  group.Shutdown(1s);
  EXPECT_EQ(group.job_timer_count(), 0U);
  EXPECT_EQ(captured.use_count(), 1);
}

}  // namespace
}  // namespace servercore
