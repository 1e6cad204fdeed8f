#include "StressBot/analysis/StudentT.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

TEST(StudentTTest, AgreesWithTheTables) {
  // Abramowitz and Stegun, table 26.10, and the closed forms of one and two degrees.
  EXPECT_NEAR(StudentTQuantile(0.25, 1), 1.0, 1e-9);
  EXPECT_NEAR(StudentTQuantile(0.05, 1), 6.313751515, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.01, 1), 31.82051595, 1e-7);
  EXPECT_NEAR(StudentTQuantile(0.05, 2), 2.919985580, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.025, 3), 3.182446305, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.01, 4), 3.746947388, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.005, 5), 4.032142984, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.025, 10), 2.228138852, 1e-8);
  EXPECT_NEAR(StudentTQuantile(0.0005, 30), 3.645958635, 1e-8);
}

TEST(StudentTTest, BecomesTheNormalDistribution) {
  EXPECT_NEAR(StudentTQuantile(0.025, 100'000), 1.959963985, 1e-4);
  EXPECT_NEAR(StudentTQuantile(0.001, 100'000), 3.090232306, 1e-3);
}

TEST(StudentTTest, GrowsAsTheTailShrinks) {
  for (const int degrees : {1, 2, 3, 4, 9, 50}) {
    double last = 0;
    for (const double tail : {0.4, 0.1, 0.05, 0.01, 0.001, 0.0001}) {
      const double quantile = StudentTQuantile(tail, degrees);
      EXPECT_GT(quantile, last) << degrees << " " << tail;
      last = quantile;
    }
  }
}

}  // namespace
}  // namespace stressbot
