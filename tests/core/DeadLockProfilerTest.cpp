#include "ServerCore/thread/DeadLockProfiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <stdexcept>
#include <thread>

#include "ServerCore/thread/Lock.h"

namespace servercore {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A real lock, but one that the thread sanitizer does not take for one: it has a finder of its own
/// for the cycles that are made here on purpose.
class UnseenMutex {
 public:
  void lock() {
    while (taken_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() { taken_.clear(std::memory_order_release); }
  void lock_shared() { lock(); }
  void unlock_shared() { unlock(); }

 private:
  std::atomic_flag taken_;
};

// Recorded in every build, so that every build tests them.
using RecordedMutex = NamedLock<UnseenMutex, true>;
using RecordedRwMutex = NamedLock<std::shared_mutex, true>;

/// Names are new in each test, since the process remembers all orders.
class DeadLockProfilerTest : public ::testing::Test {
 protected:
  DeadLockProfilerTest()
      : before_(DeadLockProfiler::OfProcess().SetHandler([this](const LockReport& report) {
          reports_.push_back(report);
          if (refuses_) throw std::runtime_error("refused");
        })) {}
  ~DeadLockProfilerTest() override { DeadLockProfiler::OfProcess().SetHandler(std::move(before_)); }

  static void OnThread(const char* name, const std::function<void()>& work) {
    std::thread([&] {
      DeadLockProfiler::NameThisThread(name);
      work();
    }).join();
  }
  /// A fault that would hang or be undefined if the lock were touched: the handler keeps it from
  /// that.
  template <typename Work>
  void ExpectRefused(LockFault fault, Work work) {
    refuses_ = true;
    EXPECT_THROW(work(), std::runtime_error);
    refuses_ = false;
    ASSERT_EQ(reports_.size(), 1U);
    EXPECT_EQ(reports_[0].fault, fault) << reports_[0].text;
    reports_.clear();
  }

  std::vector<LockReport> reports_;

 private:
  bool refuses_ = false;
  DeadLockProfiler::Handler before_;
};

TEST_F(DeadLockProfilerTest, TwoOrdersOfTwoThreadsAreFoundWithoutADeadLock) {
  RecordedMutex bank("cycle: bank"), player("cycle: player");
  OnThread("giver", [&] {
    const std::lock_guard first(bank);
    const std::lock_guard second(player);
  });
  EXPECT_THAT(reports_, IsEmpty());
  OnThread("taker", [&] {  // after the other, so nobody waits
    const std::lock_guard first(player);
    const std::lock_guard second(bank);
  });
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].fault, LockFault::kCycle);
  EXPECT_THAT(reports_[0].text,
              HasSubstr("(taker) has \"cycle: player\" and takes \"cycle: bank\""));
  EXPECT_THAT(reports_[0].text,
              HasSubstr("(giver) had \"cycle: bank\" when it took \"cycle: player\""));
}

TEST_F(DeadLockProfilerTest, ACycleOfThreeNamesAllOfItsOrders) {
  RecordedMutex a("three: a"), b("three: b"), c("three: c"), aside("three: aside");
  const auto take = [](RecordedMutex& first, RecordedMutex& second) {
    const std::lock_guard one(first);
    const std::lock_guard two(second);
  };
  OnThread("1", [&] { take(a, b); });
  OnThread("2", [&] { take(a, aside); });
  OnThread("3", [&] { take(b, aside); });
  OnThread("4", [&] { take(b, c); });
  EXPECT_THAT(reports_, IsEmpty());
  OnThread("5", [&] { take(c, a); });
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_THAT(reports_[0].text, HasSubstr("(5) has \"three: c\" and takes \"three: a\""));
  EXPECT_THAT(reports_[0].text, HasSubstr("(1) had \"three: a\" when it took \"three: b\""));
  EXPECT_THAT(reports_[0].text, HasSubstr("(4) had \"three: b\" when it took \"three: c\""));
  EXPECT_THAT(reports_[0].text, ::testing::Not(HasSubstr("aside")));
}

TEST_F(DeadLockProfilerTest, OneOrderIsFineAndACycleIsToldOnce) {
  RecordedMutex outer("once: outer"), inner("once: inner");
  for (int i = 0; i < 3; ++i) {
    const std::lock_guard first(outer);
    const std::lock_guard second(inner);
  }
  EXPECT_THAT(reports_, IsEmpty());
  for (int i = 0; i < 3; ++i) {
    const std::lock_guard first(inner);
    const std::lock_guard second(outer);
  }
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(DeadLockProfilerTest, AnOrderOfTwoLocksHoldsForAllOfTheirNames) {
  RecordedMutex room_1("names: room"), list_1("names: list"), room_2("names: room"),
      list_2("names: list");
  {
    const std::lock_guard first(room_1);
    const std::lock_guard second(list_1);
  }
  const std::lock_guard first(list_2);
  const std::lock_guard second(room_2);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].fault, LockFault::kCycle);
}

TEST_F(DeadLockProfilerTest, TwoLocksOfOneNameAtOnceAreTold) {
  RecordedMutex one("same name"), other("same name");
  const std::lock_guard first(one);
  const std::lock_guard second(other);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].fault, LockFault::kSameName);
}

TEST_F(DeadLockProfilerTest, ReadersTakePartInCycles) {
  RecordedMutex map("readers: map");
  RecordedMutex log("readers: log");
  {
    const std::shared_lock first(map);
    const std::lock_guard second(log);
  }
  const std::lock_guard first(log);
  const std::shared_lock second(map);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].fault, LockFault::kCycle);
}

TEST_F(DeadLockProfilerTest, WhoWouldWaitForItselfIsToldInsteadOfHanging) {
  RecordedMutex lock("self: lock");
  RecordedRwMutex rw_lock("self: rw lock");
  {
    const std::lock_guard held(lock);
    ExpectRefused(LockFault::kTakenTwice, [&] { lock.lock(); });
  }
  {
    const std::lock_guard held(rw_lock);
    ExpectRefused(LockFault::kTakenTwice, [&] { rw_lock.lock(); });
    ExpectRefused(LockFault::kTakenTwice, [&] { rw_lock.lock_shared(); });
  }
  {
    const std::shared_lock held(rw_lock);
    ExpectRefused(LockFault::kTakenTwice, [&] { rw_lock.lock_shared(); });
    ExpectRefused(LockFault::kUpgrade, [&] { rw_lock.lock(); });
  }
  const std::lock_guard works(lock);
  const std::lock_guard works_too(rw_lock);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(DeadLockProfilerTest, GivingUpInTheWrongOrderOrWhatOneDoesNotHaveIsTold) {
  RecordedMutex first("unlock: first"), second("unlock: second");
  first.lock();
  second.lock();
  first.unlock();
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].fault, LockFault::kUnlockedOrder);
  EXPECT_THAT(reports_[0].text, HasSubstr("gives up \"unlock: first\" before \"unlock: second\""));
  second.unlock();
  EXPECT_EQ(reports_.size(), 1U);
  reports_.clear();
  ExpectRefused(LockFault::kNotTaken, [&] { first.unlock(); });
  const std::lock_guard held(first);
  OnThread("other", [&] { ExpectRefused(LockFault::kNotTaken, [&] { first.unlock(); }); });
}

TEST_F(DeadLockProfilerTest, AReaderWriterLockLetsReadersInTogether) {
  RecordedRwMutex lock("together");
  std::barrier both_inside(2);
  const auto read = [&] {
    const std::shared_lock held(lock);
    both_inside.arrive_and_wait();  // for ever, if the other had to wait outside
  };
  std::thread other(read);
  read();
  other.join();
  int value = 0;
  const auto write = [&] {
    for (int i = 0; i < 1000; ++i) {
      const std::lock_guard held(lock);
      ++value;
    }
  };
  std::thread writer(write);
  write();
  writer.join();
  EXPECT_EQ(value, 2000);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(DeadLockProfilerTest, TheCoresLocksAreRecordedAsTheBuildSaysAndCostNothingOtherwise) {
  static_assert(std::is_empty_v<RecordedLock<false>>);  // and Lock.h compares the sizes
  const auto take_both = [](auto& one, auto& other) {
    const std::lock_guard first(one);
    const std::lock_guard second(other);
  };
  NamedLock<std::mutex, false> free_one("free"), free_other("free");
  take_both(free_one, free_other);
  EXPECT_THAT(reports_, IsEmpty());
  Lock built_one("built"), built_other("built");
  take_both(built_one, built_other);
  EXPECT_EQ(reports_.size(), kRecordsLocks ? 1U : 0U);
}

TEST(DeadLockProfilerDeathTest, WithoutAHandlerTheReportIsPrintedAndTheProcessEnds) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        RecordedMutex lock("death: lock");
        lock.lock();
        lock.lock();
      },
      "takes \"death: lock\", which it has already");
}

}  // namespace
}  // namespace servercore
