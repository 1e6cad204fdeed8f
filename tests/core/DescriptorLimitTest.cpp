#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "tests/core/CoreHarness.h"

namespace servercore::testing {
namespace {

/// Leaves the process so many free descriptors; the destructor gives all back.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(int free) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // The lowest free ones are not always in a row: whoever started us may have left some open.
    std::vector<int> places;
    for (int i = 0; i <= free; ++i) places.push_back(::dup(STDERR_FILENO));
    for (const int place : places) ::close(place);
    rlimit lowered = before_;
    lowered.rlim_cur = static_cast<rlim_t>(places.back());
    ::setrlimit(RLIMIT_NOFILE, &lowered);
  }
  ~DescriptorLimit() { Lift(); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  void Lift() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(DescriptorLimitTest, AcceptingPausesAndComesBackWithTheDescriptors) {
  Pair pair(WorldKind::kReal);
  DescriptorLimit limit(2);
  const RecordPtr first = pair.Connect();
  const RecordPtr second = pair.Connect();
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().accept_pauses() >= 2; }));
  EXPECT_TRUE(first->connected == 1 && second->connected == 1);  // by the system's backlog
  EXPECT_EQ(pair.server().accepted(), 0U);
  limit.Lift();
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().accepted() == 2; }));
}

TEST(DescriptorLimitTest, AConnectWithoutADescriptorFailsAndTheOthersGoOn) {
  Pair pair(WorldKind::kReal);
  const auto [client, server] = pair.Establish();
  RecordPtr failed;
  {
    const DescriptorLimit limit(0);
    failed = pair.Connect();
  }
  EXPECT_EQ(failed->ended, 0);  // never from inside
  EXPECT_TRUE(pair.RunUntil([&] { return failed->ended == 1; }));
  EXPECT_EQ(failed->reason, CloseReason::kConnectFailed);
  EXPECT_EQ(failed->error, std::errc::too_many_files_open);
  client->session->SendText("still works");
  EXPECT_TRUE(pair.RunUntil([&] { return server->packets.size() == 1; }));
}

}  // namespace
}  // namespace servercore::testing
