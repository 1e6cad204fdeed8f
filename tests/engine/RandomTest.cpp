#include <gtest/gtest.h>

#include <cmath>

#include "StressBot/engine/Random.h"

namespace stressbot {
namespace {

TEST(RandomTest, TheKeyAloneDecides) {
  Random one({1, 2, 3});
  Random same({1, 2, 3});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(one.Next(), same.Next());
  EXPECT_NE(Random({1, 2, 3}).Next(), Random({1, 3, 2}).Next());
  EXPECT_NE(Random({1, 2, 3}).Next(), Random({1, 2, 4}).Next());
  EXPECT_NE(Random({1, 2}).Next(), Random({1, 2, 0}).Next());
  EXPECT_EQ(Random({42}).Next(), 0xfc991bca1a1aa1aeU);  // the same on every system, for ever
}

struct Moments {
  double mean = 0, deviation = 0, least = 0, most = 0;
};

/// One number of each of many keys: neighbours must not be alike.
Moments MomentsOf(const Distribution& distribution) {
  constexpr int kDraws = 100'000;
  double sum = 0;
  double squares = 0;
  Moments moments{0, 0, 1e300, -1e300};
  for (std::uint64_t key = 0; key < kDraws; ++key) {
    const double value = Random({key}).Draw(distribution);
    sum += value;
    squares += value * value;
    moments.least = std::min(moments.least, value);
    moments.most = std::max(moments.most, value);
  }
  moments.mean = sum / kDraws;
  moments.deviation = std::sqrt(squares / kDraws - moments.mean * moments.mean);
  return moments;
}

TEST(RandomTest, DistributionsHaveTheirMoments) {
  const Moments uniform = MomentsOf({Distribution::Kind::kUniform, 10, 30});
  EXPECT_NEAR(uniform.mean, 20, 0.1);
  EXPECT_NEAR(uniform.deviation, 20 / std::sqrt(12), 0.1);
  EXPECT_GE(uniform.least, 10);
  EXPECT_LT(uniform.most, 30);

  const Moments exponential = MomentsOf({Distribution::Kind::kExponential, 5, 0});
  EXPECT_NEAR(exponential.mean, 5, 0.1);
  EXPECT_NEAR(exponential.deviation, 5, 0.15);
  EXPECT_GE(exponential.least, 0);

  const Moments normal = MomentsOf({Distribution::Kind::kNormal, 100, 15});
  EXPECT_NEAR(normal.mean, 100, 0.3);
  EXPECT_NEAR(normal.deviation, 15, 0.3);

  const Moments constant = MomentsOf({Distribution::Kind::kConstant, 7, 0});
  EXPECT_EQ(constant.least, 7);
  EXPECT_EQ(constant.most, 7);
}

TEST(RandomTest, DurationsAreNeverNegativeAndNeverTooLong) {
  for (std::uint64_t key = 0; key < 1'000; ++key) {
    EXPECT_GE(Random({key}).DrawDuration({Distribution::Kind::kNormal, 0, 1e9}).count(), 0);
  }
  EXPECT_GT(Random({1}).DrawDuration({Distribution::Kind::kConstant, 1e30, 0}).count(), 0);
}

}  // namespace
}  // namespace stressbot
