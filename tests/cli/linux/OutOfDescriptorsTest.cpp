#include <gtest/gtest.h>
#include <sys/resource.h>

#include "StressBot/cli/WatchedProcess.h"
#include "StressBot/system/ChildProcess.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

/// No new descriptor while it lives; those that are open stay.
class NoFreeDescriptor {
 public:
  NoFreeDescriptor() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoFreeDescriptor() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoFreeDescriptor(const NoFreeDescriptor&) = delete;
  NoFreeDescriptor& operator=(const NoFreeDescriptor&) = delete;

 private:
  rlimit before_{};
};

TEST(OutOfDescriptorsTest, AWatchedProcessThatCannotBeLookedAtHasNotEnded) {
  std::string error;
  const auto child = ChildProcess::Start(Child("wait"), error);
  ASSERT_NE(child, nullptr) << error;
  auto process = WatchedProcess::Find("game", child->pid(), error);
  ASSERT_TRUE(process) << error;
  {
    const NoFreeDescriptor limit;
    EXPECT_FALSE(process->HasEnded(1s));
  }
  child->Kill();
  ASSERT_TRUE(child->WaitFor(60s));
  const NoFreeDescriptor limit;
  EXPECT_TRUE(process->HasEnded(2s));
}

}  // namespace
}  // namespace stressbot
