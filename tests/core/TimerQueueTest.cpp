#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/thread/Timer.h"

namespace servercore {
namespace {

using namespace std::chrono_literals;

struct Ringer final : Timer {
  ~Ringer() override = default;
  void OnTimer(Clock::time_point now) override {
    ++rings;
    if (on_ring) on_ring(*this, now);
  }
  int rings = 0;
  std::function<void(Ringer&, Clock::time_point)> on_ring;
};

Clock::time_point At(std::int64_t milliseconds) {
  return Clock::time_point(std::chrono::milliseconds(milliseconds));
}

TEST(TimerQueueTest, RingsInTheOrderOfTheirTimes) {
  TimerQueue queue;
  std::vector<Ringer> timers(100);
  std::vector<Clock::time_point> rung;
  SimRandom random(3);
  for (Ringer& timer : timers) {
    timer.on_ring = [&](Ringer& self, Clock::time_point) { rung.push_back(self.due()); };
    queue.Set(timer, At(static_cast<std::int64_t>(random.UpTo(1000))));
  }
  EXPECT_EQ(queue.RunDue(At(1000)), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(rung));
  EXPECT_EQ(queue.NextDue(), Clock::time_point::max());
}

TEST(TimerQueueTest, WhatIsSetWhileTimersRunWaitsForTheNextTurn) {
  TimerQueue queue;
  std::vector<Ringer> others(10);
  for (Ringer& other : others) queue.Set(other, At(1'000'000));
  Ringer eager, helper;
  eager.on_ring = [&](Ringer& self, Clock::time_point now) {
    queue.Set(self, now - 5ms);
    if (!helper.armed()) queue.Set(helper, now);
  };
  queue.Set(eager, At(1));
  EXPECT_EQ(queue.RunDue(At(10)), 1U);
  EXPECT_EQ(eager.rings, 1);
  EXPECT_EQ(helper.rings, 0);
  EXPECT_EQ(eager.due(), At(5)) << "it knows how late it is";
  EXPECT_LE(queue.NextDue(), At(11));
  EXPECT_EQ(queue.RunDue(At(11)), 2U);
  EXPECT_EQ(eager.rings, 2);
  queue.Cancel(eager);
  queue.Cancel(helper);
  for (Ringer& other : others) queue.Cancel(other);
}

TEST(TimerQueueTest, ATimerMayCancelAnotherThatIsDueToo) {
  TimerQueue queue;
  Ringer first, second;
  first.on_ring = [&](Ringer&, Clock::time_point) { queue.Cancel(second); };
  queue.Set(first, At(1));
  queue.Set(second, At(2));
  EXPECT_EQ(queue.RunDue(At(5)), 1U);
  EXPECT_EQ(second.rings, 0);
  EXPECT_EQ(queue.size(), 0U);
}

/// Random settings, moves, cancels and clock steps, against the standard's multimap.
class TimerModel {
 public:
  explicit TimerModel(std::uint64_t seed) : random_(seed), timers_(200) {}

  void Run() {
    for (int step = 0; step < 5000; ++step) {
      Ringer& timer = timers_[random_.UpTo(timers_.size() - 1)];
      switch (random_.UpTo(9)) {
        case 0:
          Forget(timer);
          queue_.Cancel(timer);
          break;
        case 1:
          Advance();
          break;
        default:
          Set(timer);
      }
      const auto next = model_.empty() ? Clock::time_point::max() : model_.begin()->first;
      ASSERT_EQ(queue_.NextDue(), next);
      ASSERT_EQ(queue_.size(), model_.size());
    }
    for (Ringer& timer : timers_) queue_.Cancel(timer);
  }

 private:
  void Set(Ringer& timer) {
    Forget(timer);
    const auto due = now_ + std::chrono::milliseconds(random_.UpTo(500));
    model_.emplace(due, &timer);
    queue_.Set(timer, due);
    ASSERT_TRUE(timer.armed());
  }
  void Forget(Ringer& timer) {
    std::erase_if(model_, [&](const auto& entry) { return entry.second == &timer; });
  }
  void Advance() {
    now_ += std::chrono::milliseconds(random_.UpTo(50));
    std::map<Ringer*, int> expected;
    for (const auto& [due, timer] : model_) {
      if (due <= now_) expected[timer] = timer->rings + 1;
    }
    std::erase_if(model_, [&](const auto& entry) { return entry.first <= now_; });
    ASSERT_EQ(queue_.RunDue(now_), expected.size());
    for (const auto& [timer, rings] : expected) ASSERT_EQ(timer->rings, rings);
  }

  SimRandom random_;
  Clock::time_point now_ = At(0);
  TimerQueue queue_;
  std::multimap<Clock::time_point, Ringer*> model_;
  std::vector<Ringer> timers_;
};

TEST(TimerQueueTest, BehavesAsAMultimapForManySeeds) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TimerModel(seed).Run();
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace servercore
