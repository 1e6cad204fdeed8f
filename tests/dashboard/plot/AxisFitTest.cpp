#include "StressBot/dashboard/plot/AxisFit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace stressbot::plot {
namespace {

using Shrink = AxisFit::Shrink;

TEST(AxisFitTest, ALinearAxisGoesFromZeroToATickAboveThePeak) {
  EXPECT_EQ(FitLinear(Unit::kPerSecond, 1'234, 4), (AxisRange{0, 1'500}));
  EXPECT_EQ(FitLinear(Unit::kPerSecond, 1'000, 4), (AxisRange{0, 1'000}));
  EXPECT_EQ(FitLinear(Unit::kCount, 0.4, 4), (AxisRange{0, 1}));
  EXPECT_EQ(FitLinear(Unit::kPerSecond, 0, 4), (AxisRange{0, 10})) << "nothing to show";
  EXPECT_EQ(FitLinear(Unit::kPercent, -HUGE_VAL, 4), (AxisRange{0, 100}));
}

TEST(AxisFitTest, ALogAxisGoesFromStepToStep) {
  EXPECT_EQ(FitLog(1.3e5, 4.2e7), (AxisRange{1e5, 5e7}));
  EXPECT_EQ(FitLog(HUGE_VAL, -HUGE_VAL), (AxisRange{1e5, 1e8})) << "nothing to show";
}

TEST(AxisFitTest, BothHoldWhateverComes) {
  std::mt19937_64 random(21);
  for (int i = 0; i < 2'000; ++i) {
    const double least = std::pow(10, std::uniform_real_distribution<>(0, 10)(random));
    const double most = least * std::pow(10, std::uniform_real_distribution<>(0, 4)(random));
    const AxisRange log = FitLog(least, most);
    EXPECT_LE(log.low, least * (1 + 1e-8));
    EXPECT_GE(log.high, most * (1 - 1e-8));
    EXPECT_GE(log.high / log.low, 9.99) << "a steady value needs room around it";
    EXPECT_LE(log.high / log.low, 110 * most / least);
    const AxisRange linear = FitLinear(Unit::kBytes, most, 4);
    EXPECT_GE(linear.high, most * (1 - 1e-8));
    EXPECT_LE(linear.high, most * 2.01);
  }
}

TEST(AxisFitTest, GrowsAtOnceAndShrinksLater) {
  AxisFit fit;
  EXPECT_EQ(fit.Fit({0, 100}, 0, Shrink::kLater).high, 100);
  EXPECT_EQ(fit.Fit({0, 500}, 1, Shrink::kLater).high, 500);
  for (double now = 2; now < 2 + AxisFit::kShrinkAfter_s; ++now)
    EXPECT_EQ(fit.Fit({0, 100}, now, Shrink::kLater).high, 500) << now;
  EXPECT_EQ(fit.Fit({0, 100}, 2 + AxisFit::kShrinkAfter_s, Shrink::kLater).high, 100);
}

TEST(AxisFitTest, DoesNotShrinkBelowWhatWasNeededWhileItWaited) {
  AxisFit fit;
  fit.Fit({0, 500}, 0, Shrink::kLater);
  fit.Fit({0, 100}, 1, Shrink::kLater);
  fit.Fit({0, 200}, 3, Shrink::kLater);
  EXPECT_EQ(fit.Fit({0, 100}, 1 + AxisFit::kShrinkAfter_s, Shrink::kLater).high, 200);
}

TEST(AxisFitTest, APeakNowAndThenKeepsItsPlace) {
  AxisFit fit;
  for (int second = 0; second < 60; ++second) {
    const double wanted = second % 4 == 0 ? 500 : 100;
    EXPECT_EQ(fit.Fit({0, wanted}, second, Shrink::kLater).high, 500) << second;
  }
}

TEST(AxisFitTest, WhatIsAskedForIsShownAtOnce) {
  AxisFit fit;
  fit.Fit({0, 500}, 0, Shrink::kLater);
  EXPECT_EQ(fit.Fit({0, 100}, 0.1, Shrink::kNow).high, 100);
}

TEST(AxisFitTest, TheGroundDoesNotMoveWhileSomebodyDrags) {
  AxisFit fit;
  fit.Fit({0, 500}, 0, Shrink::kNow);
  EXPECT_EQ(fit.Fit({0, 100}, 100, Shrink::kNever).high, 500);
  EXPECT_EQ(fit.Fit({0, 1'000}, 101, Shrink::kNever).high, 1'000) << "but nothing is cut off";
}

TEST(AxisFitTest, BothEndsOfALogAxisAreKept) {
  AxisFit fit;
  fit.Fit({10, 100}, 0, Shrink::kLater);
  EXPECT_EQ(fit.Fit({1, 50}, 1, Shrink::kLater), (AxisRange{1, 100}));
}

}  // namespace
}  // namespace stressbot::plot
