#include <gtest/gtest.h>

#include <csignal>

#include "StressBot/system/ChildProcess.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

/// SIGCHLD ignored, as some shells and services leave it to the programs that they start.
class IgnoredChildrenTest : public testing::Test {
 protected:
  std::unique_ptr<ChildProcess> Start(const std::string& words) {
    std::string error;
    return ChildProcess::Start(Child(words), error);
  }
  void Ignore() { std::signal(SIGCHLD, SIG_IGN); }
  void TearDown() override { std::signal(SIGCHLD, SIG_DFL); }
};

TEST_F(IgnoredChildrenTest, TheEndIsStillTold) {
  Ignore();
  const auto process = Start("exit 3");
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "exited with code 3");
}

TEST_F(IgnoredChildrenTest, AnEndThatTheSystemThrewAwayIsAnEndToo) {
  const auto process = Start("wait");
  Ignore();
  process->Kill();
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->ToString(), "ended in an unknown way");
}

}  // namespace
}  // namespace stressbot
