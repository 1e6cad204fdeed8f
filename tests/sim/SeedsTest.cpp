#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "tests/sim/SeedSystem.h"

namespace servercore::testing {
namespace {

constexpr std::uint64_t kSeeds = STRESSBOT_SIM_SEEDS;
constexpr std::uint64_t kSeedsPerTest = 10;  ///< so that they run side by side
constexpr const char* kReplay =
    "replay it with: STRESSBOT_SIM_SEED=%llu sim_test --gtest_filter=OneSeedTest.Replays\n";
volatile unsigned long long running_seed = 0;

/// An assertion of the core ends the process: the seed must be told all the same.
void TellSeed(int) { std::fprintf(stderr, kReplay, running_seed); }

void RunSeed(std::uint64_t seed) {
  running_seed = seed;
  std::signal(SIGABRT, TellSeed);
  SeedSystem system(seed);
  system.Run();
  for (const std::string& fault : system.faults()) ADD_FAILURE() << fault;
  EXPECT_GT(system.counts().connected, 0U);
  EXPECT_GT(system.counts().echoes, 0U);
  EXPECT_GT(system.counts().broadcasts, 0U);
  std::signal(SIGABRT, SIG_DFL);
  if (::testing::Test::HasFailure()) std::fprintf(stderr, kReplay, running_seed);
}

class SeedsTest : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(From, SeedsTest,
                         ::testing::Range(std::uint64_t{1}, kSeeds, kSeedsPerTest));

TEST_P(SeedsTest, EchoAndBroadcastSurviveFaults) {
  for (std::uint64_t i = 0; i < kSeedsPerTest && !HasFailure(); ++i) RunSeed(GetParam() + i);
}

/// For longer hunts too: any number may be given.
TEST(OneSeedTest, Replays) {
  const char* seed = std::getenv("STRESSBOT_SIM_SEED");
  RunSeed(seed == nullptr ? kSeeds + 1 : std::strtoull(seed, nullptr, 10));
}

}  // namespace
}  // namespace servercore::testing
