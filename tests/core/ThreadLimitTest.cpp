#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <system_error>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

/// While it lives, threads may be told to ask for more stack than there are addresses: then the
/// system gives no more threads.
class ThreadLimit {
 public:
  ThreadLimit() {
    ::pthread_attr_init(&before_);
    ::pthread_getattr_default_np(&before_);
  }
  ~ThreadLimit() { ::pthread_setattr_default_np(&before_); }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

  static void NoMoreThreads() {
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 50U);
    ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
  }

 private:
  pthread_attr_t before_{};
};

TEST(ThreadLimitTest, AGroupThatGetsTooFewThreadsEndsThoseItHasAndMayStartLater) {
  // The first thread that runs takes the others away. It may come too late for that, once.
  for (bool failed = false; !failed;) {
    ShardGroup group(ShardGroup::MakePorts(100));
    {
      const ThreadLimit limit;
      std::atomic<bool> taken{false};
      group.shard(0).Post([&] {
        ThreadLimit::NoMoreThreads();
        taken = true;
        taken.notify_one();
      });
      try {
        group.Start();
        taken.wait(false);  // too late for this group, and not to stay for the next
      } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
        EXPECT_FALSE(group.running());
        failed = true;
      }
    }
    if (failed) group.Start();
    EXPECT_TRUE(group.running());
    group.Shutdown(std::chrono::milliseconds(0));
  }
}

}  // namespace
}  // namespace servercore::testing
