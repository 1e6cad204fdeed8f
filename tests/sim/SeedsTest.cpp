#include <gtest/gtest.h>

#include "tests/sim/Seed.h"

/// The seeds themselves are run by sim_seeds. Here: what makes one worth telling.
namespace simulation {
namespace {

class SeedsTest : public ::testing::TestWithParam<SeedResult (*)(std::uint64_t)> {};
INSTANTIATE_TEST_SUITE_P(Of, SeedsTest, ::testing::Values(RunEchoSeed, RunGameSeed),
                         [](const auto& info) { return info.index == 0 ? "Echo" : "Game"; });

TEST_P(SeedsTest, TheSameSeedIsTheSameRunAndAnotherIsNot) {
  const SeedResult first = GetParam()(5);
  const SeedResult again = GetParam()(5);
  EXPECT_TRUE(first.faults.empty()) << first.faults.front();
  EXPECT_EQ(first.trace_hash, again.trace_hash);
  EXPECT_EQ(first.seen, again.seen);
  EXPECT_NE(first.trace_hash, GetParam()(6).trace_hash);
}

}  // namespace
}  // namespace simulation
