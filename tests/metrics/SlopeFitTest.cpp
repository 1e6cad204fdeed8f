#include "StressBot/metrics/SlopeFit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>

namespace stressbot {
namespace {

constexpr int kHour = 3'600;

/// A sample each second.
GaugeCurve Sampled(int seconds, const std::function<double(int)>& value) {
  GaugeCurve curve;
  for (int i = 0; i < seconds; ++i) {
    const double at = value(i);
    curve.points.push_back({(i + 1) / 60.0, at, at, at, at, 1});
  }
  return curve;
}

SlopeFit::Interval IntervalOf(const GaugeCurve& curve) {
  const auto fit = FitSlope(curve);
  EXPECT_TRUE(fit && fit->interval);
  return fit && fit->interval ? *fit->interval : SlopeFit::Interval{};
}

/// Nobody may call it growing. All curves here move by some MB.
void ExpectNoGrowth(const std::string& what, const GaugeCurve& curve) {
  EXPECT_LE(IntervalOf(curve).low, 100e3) << what;
}

TEST(SlopeFitTest, TheIntervalIsCertainToNinetyNinePercent) {
  // How many of all orders of ten values have so many pairs in the wrong order.
  std::vector<double> orders{1};
  for (std::size_t n = 2; n <= SlopeFit::kBlocks; ++n) {
    std::vector<double> next(orders.size() + n - 1);
    for (std::size_t i = 0; i < orders.size(); ++i) {
      for (std::size_t k = 0; k < n; ++k) next[i + k] += orders[i];
    }
    orders = next;
  }
  double all = 0;
  double beyond = 0;
  for (std::size_t pairs = 0; pairs < orders.size(); ++pairs) {
    all += orders[pairs];
    if (pairs < SlopeFit::kRank) beyond += orders[pairs];
  }
  EXPECT_DOUBLE_EQ(all, 3'628'800);
  EXPECT_NEAR(1 - 2 * beyond / all, 0.991, 0.001);
}

TEST(SlopeFitTest, ALineIsFoundExactly) {
  const auto fit = FitSlope(Sampled(60, [](int i) { return 5e6 + 100.0 * i; }));
  ASSERT_TRUE(fit && fit->interval);
  EXPECT_NEAR(fit->per_hour, 100.0 * kHour, 1e-3);
  EXPECT_NEAR(fit->interval->low, 100.0 * kHour, 1e-3);
  EXPECT_NEAR(fit->interval->high, 100.0 * kHour, 1e-3);
  EXPECT_EQ(fit->samples, 60U);
}

TEST(SlopeFitTest, ALeakIsCertainThoughTheServerBreathes) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 2e6);
  const auto curve = Sampled(kHour, [&](int i) {
    const double breath = 8e6 * (i % 97) / 97;  // what is collected again and again
    return 100e6 + 10e6 * i / kHour + breath + noise(random);
  });
  const auto [low, high] = IntervalOf(curve);
  EXPECT_GT(low, 5e6);
  EXPECT_LT(high, 15e6);
}

TEST(SlopeFitTest, WhatDoesNotGrowIsNotSaidTo) {
  ExpectNoGrowth("constant", Sampled(120, [](int) { return 5e6; }));
  for (double teeth = 1.5; teeth < 40; teeth += 0.25) {
    for (double from = 0; from < 1; from += 0.125) {
      const auto saw = [&](int i) { return 2e6 * std::fmod(from + i * teeth / 1'200, 1.0); };
      ExpectNoGrowth("a saw of " + std::to_string(teeth) + " teeth", Sampled(1'200, saw));
    }
  }
  for (int at = 0; at < 1'200; at += 50) {
    ExpectNoGrowth("a step", Sampled(1'200, [&](int i) { return i < at ? 1e6 : 9e6; }));
    ExpectNoGrowth("a peak", Sampled(1'200, [&](int i) { return i / 50 == at / 50 ? 9e6 : 1e6; }));
  }
  ExpectNoGrowth("two steps", Sampled(1'200, [](int i) { return 1e6 * (i / 400); }));
  ExpectNoGrowth("growth that came to rest",
                 Sampled(1'200, [](int i) { return 1e6 * std::min(i, 600); }));
}

TEST(SlopeFitTest, NoiseIsCalledGrowthAsRarelyAsPromised) {
  std::mt19937 random(42);
  std::normal_distribution<double> noise(0, 1e6);
  int called = 0;
  for (int run = 0; run < 1'000; ++run) {
    const auto [low, high] = IntervalOf(Sampled(30, [&](int) { return noise(random); }));
    if (low > 0 || high < 0) ++called;
  }
  EXPECT_LE(called, 20);  // 9 expected
}

TEST(SlopeFitTest, FewSamplesHaveASlopeButNoInterval) {
  EXPECT_FALSE(FitSlope({}));
  EXPECT_FALSE(FitSlope(Sampled(1, [](int) { return 1.0; })));
  const auto two = FitSlope(Sampled(2, [](int i) { return 1.0 * i; }));
  ASSERT_TRUE(two);
  EXPECT_NEAR(two->per_hour, kHour, 1e-6);
  EXPECT_FALSE(two->interval);
  EXPECT_FALSE(FitSlope(Sampled(29, [](int i) { return 1.0 * i; }))->interval);
  EXPECT_TRUE(FitSlope(Sampled(30, [](int i) { return 1.0 * i; }))->interval);
}

TEST(SlopeFitTest, PointsThatStandForSeveralSamplesCountAsSoMany) {
  GaugeCurve curve;
  auto add = [&curve, second = 0](int intervals, double value) mutable {
    second += intervals;
    const double middle = second - (intervals - 1) / 2.0;
    curve.points.push_back(
        {middle / 60, value, value, value, value, static_cast<std::uint32_t>(intervals)});
  };
  double value = 0;
  for (int i = 0; i < 50; ++i) add(8, value += 8);  // merged: the first 400 s
  for (int i = 0; i < 100; ++i) add(1, value += 1);
  const auto fit = FitSlope(curve);
  ASSERT_TRUE(fit && fit->interval);
  EXPECT_EQ(fit->samples, 500U);
  EXPECT_NEAR(fit->per_hour, kHour, kHour * 0.01);
  EXPECT_GT(fit->interval->low, kHour * 0.95);
}

}  // namespace
}  // namespace stressbot
