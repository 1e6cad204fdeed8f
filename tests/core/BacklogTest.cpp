#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/CoreHarness.h"

/// What Linux makes of a backlog. Posted accepts of Windows take connections before anybody looks.
namespace servercore::testing {
namespace {

TEST(BacklogTest, ConnectionsBeyondItTryAgainAndComeIn) {
  PairOptions options;
  options.server.backlog = 1;
  Pair pair(WorldKind::kReal, options);
  std::vector<RecordPtr> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(pair.Connect());
  // Linux takes one more than it is told. Those beyond ask again after a second.
  EXPECT_TRUE(pair.RunUntil([&] { return pair.server().accepted() == 2; }));
  EXPECT_TRUE(pair.RunUntil([&] {
    return std::ranges::all_of(clients,
                               [](const RecordPtr& client) { return client->connected == 1; });
  }));
}

}  // namespace
}  // namespace servercore::testing
