#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "ServerCore/io/SystemLimits.h"
#include "tests/core/PortContract.h"

/// What only a real port can show: threads, time, and many sockets.
namespace servercore::testing {
namespace {

using namespace std::chrono_literals;

class SystemPortTest : public ::testing::Test {
 protected:
  PortHarness io{std::make_unique<SystemPortWorld>()};
};

TEST_F(SystemPortTest, WakeFromAnotherThreadEndsAWaitWithoutLimit) {
  std::atomic<bool> is_woken = false;
  std::thread waker([&] {
    is_woken = true;
    io.client().Wake();
  });
  std::array<IoEvent*, 4> out;
  EXPECT_EQ(io.client().Wait(out, Clock::time_point::max()), 0U);
  EXPECT_TRUE(is_woken);
  waker.join();
}

TEST_F(SystemPortTest, WaitSleepsUntilItsTime) {
  std::array<IoEvent*, 4> out;
  const Clock::time_point until = Clock::now() + 2ms;
  while (Clock::now() < until) EXPECT_EQ(io.client().Wait(out, until), 0U);
  EXPECT_EQ(io.client().Wait(out, Clock::now() - 1h), 0U);
}

TEST_F(SystemPortTest, AnEarlierTimeThanThatOfTheLastWaitHolds) {
  std::array<IoEvent*, 4> out;
  io.client().Wake();
  EXPECT_EQ(io.client().Wait(out, Clock::now() + 1h), 0U);
  const Clock::time_point until = Clock::now() + 2ms;
  while (Clock::now() < until) EXPECT_EQ(io.client().Wait(out, until), 0U);
}

/// More than one batch of the system, and more than any first guess at a table's size.
TEST_F(SystemPortTest, AThousandConnectionsAllEcho) {
  constexpr std::size_t kPairs = 1000;
  RaiseDescriptorLimit();
  const Handle listener = io.Listen();
  const NetAddress address = io.server().LocalAddress(listener);
  std::vector<Pair> pairs(kPairs);
  for (Pair& pair : pairs) {
    AcceptEvent accept;
    IoEvent connect;
    io.server().Accept(listener, accept);
    pair.client = io.Connect(address, connect);
    ASSERT_TRUE(io.RunUntil([&] { return io.Seen(accept) == 1 && io.Seen(connect) == 1; }));
    ASSERT_FALSE(accept.error || connect.error);
    pair.server = io.Attach(accept);
    io.Forget();
  }

  std::vector<IoEvent> events(kPairs);
  for (std::size_t i = 0; i < kPairs; ++i) io.server().AwaitReadable(pairs[i].server, events[i]);
  for (std::size_t i = 0; i < kPairs; ++i) {
    ASSERT_TRUE(io.SendAll(io.client(), pairs[i].client, AsBytes(std::to_string(1000 + i))));
  }
  ASSERT_TRUE(io.RunUntil([&] { return io.log().size() >= kPairs; }));
  for (std::size_t i = 0; i < kPairs; ++i) {
    EXPECT_EQ(io.Seen(events[i]), 1U);
    EXPECT_EQ(io.ReadText(io.server(), pairs[i].server, 4), std::to_string(1000 + i));
  }
}

}  // namespace
}  // namespace servercore::testing
