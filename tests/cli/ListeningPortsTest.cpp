#include "StressBot/system/ListeningPorts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "StressBot/system/ChildProcess.h"
#include "StressBot/system/ProcessStats.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using testing::Contains;
using testing::Not;
using testing::SizeIs;

/// What a child listens on, once it does.
std::vector<std::uint16_t> PortsOf(const ChildProcess& process) {
  std::vector<std::uint16_t> ports;
  while (ports.empty()) {  // a test that hangs here has failed
    ports = ListeningPorts(process.Processes());
    std::this_thread::yield();
  }
  return ports;
}

TEST(ListeningPortsTest, OtherProcessesDoNotCount) {
  std::string error;
  const auto one = ChildProcess::Start(Child("listen wait"), error);
  const auto other = ChildProcess::Start(Child("listen wait"), error);
  ASSERT_TRUE(one != nullptr && other != nullptr) << error;
  const std::vector<std::uint16_t> ports = PortsOf(*one);
  ASSERT_THAT(ports, SizeIs(1));
  EXPECT_THAT(PortsOf(*other), Not(Contains(ports.front())));
}

TEST(ListeningPortsTest, SeesWhatAChildStarted) {
  std::string error;
  const auto process = ChildProcess::Start(Child("background listening-child wait"), error);
  ASSERT_NE(process, nullptr) << error;
  EXPECT_THAT(PortsOf(*process), SizeIs(1));
}

TEST(ListeningPortsTest, SeesAGroupWhoseFirstProcessHasEnded) {
  std::string error;
  const auto process =
      ChildProcess::Start(Child("background listening-child pause 500 exit 0"), error);
  ASSERT_NE(process, nullptr) << error;
  while (ReadProcessStats(process->pid())) std::this_thread::yield();
  EXPECT_THAT(PortsOf(*process), SizeIs(1));
}

TEST(ListeningPortsTest, NobodyListensOnNothing) { EXPECT_THAT(ListeningPorts({}), SizeIs(0)); }

}  // namespace
}  // namespace stressbot
