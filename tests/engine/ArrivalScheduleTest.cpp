#include "StressBot/engine/ArrivalSchedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::vector<Nanoseconds> TimesOf(const Arrivals& arrivals) {
  ArrivalSchedule schedule(arrivals);
  std::vector<Nanoseconds> times;
  for (std::uint64_t i = 0; i < schedule.count(); ++i) times.push_back(schedule.DueOf(i));
  return times;
}

TEST(ArrivalScheduleTest, AConstantRateIsAGridFromTheBeginningOn) {
  const std::vector<Nanoseconds> times = TimesOf({4, {{2s, 4}}, 1});
  EXPECT_THAT(times, ElementsAre(0ms, 250ms, 500ms, 750ms, 1000ms, 1250ms, 1500ms, 1750ms));
}

TEST(ArrivalScheduleTest, TheGridNeverDrifts) {
  ArrivalSchedule schedule({3, {{24h * 365, 3}}, 1});
  EXPECT_EQ(schedule.count(), 3ULL * 3600 * 24 * 365);
  for (std::uint64_t hour = 0; hour < 24 * 365; hour += 999)
    EXPECT_EQ(schedule.DueOf(hour * 3600 * 3), std::chrono::hours(hour));
}

TEST(ArrivalScheduleTest, ARampUpFollowsTheRatesIntegral) {
  // 0 to 100/s in 10 s: until t there are 5 t^2.
  ArrivalSchedule schedule({0, {{10s, 100}}, 1});
  EXPECT_EQ(schedule.count(), 500U);
  EXPECT_EQ(schedule.DueOf(0), 0s);
  EXPECT_EQ(schedule.DueOf(5), 1s);
  EXPECT_EQ(schedule.DueOf(20), 2s);
  EXPECT_EQ(schedule.DueOf(125), 5s);
}

TEST(ArrivalScheduleTest, ARampDownToNothingEndsWithinItsStage) {
  // 100/s to 0 in 10 s: what is left after t is 5 (10 s - t)^2.
  ArrivalSchedule schedule({100, {{10s, 0}}, 1});
  EXPECT_EQ(schedule.count(), 500U);
  EXPECT_EQ(schedule.DueOf(0), 0s);
  EXPECT_EQ(schedule.DueOf(180), 2s);
  EXPECT_EQ(schedule.DueOf(480), 8s);
  EXPECT_EQ(schedule.DueOf(495), 9s);
  EXPECT_LT(schedule.DueOf(499), 10s);
}

TEST(ArrivalScheduleTest, FractionalRatesKeepTheirFractionsOverStages) {
  EXPECT_THAT(TimesOf({0.25, {{10s, 0.25}}, 1}), ElementsAre(0s, 4s, 8s));
  // Half an arrival is left over from the first stage.
  EXPECT_THAT(TimesOf({0.25, {{2s, 0.25}, {0s, 1}, {2s, 1}}, 1}), ElementsAre(0s, 2500ms, 3500ms));
}

TEST(ArrivalScheduleTest, NobodyArrivesWhileTheRateIsZero) {
  EXPECT_THAT(TimesOf({0, {{5s, 0}, {0s, 2}, {1s, 2}, {0s, 0}, {5s, 0}, {0s, 1}, {2s, 1}}, 1}),
              ElementsAre(5s, 5500ms, 11s, 12s));
  EXPECT_THAT(TimesOf({0, {{5s, 0}}, 1}), ElementsAre());
}

TEST(ArrivalScheduleTest, WhateverTheStagesTimesAscendAndTheRateIsKept) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](unsigned most) { return static_cast<int>(random() % (most + 1)); };
    Arrivals arrivals{draw(2) * 7.3, {}, 1};
    for (int i = 0; i <= draw(6); ++i)
      arrivals.stages.push_back({std::chrono::milliseconds(draw(4'000)), draw(3) * 33.7});
    Nanoseconds end{};
    for (const auto& stage : arrivals.stages) end += stage.duration;
    const std::vector<Nanoseconds> times = TimesOf(arrivals);
    std::size_t at = 0;
    // Counts them against the integral in small steps.
    double asked = 0;
    double rate = arrivals.rate_at_start;
    Nanoseconds from{};
    for (const auto& stage : arrivals.stages) {
      const double seconds = std::chrono::duration<double>(stage.duration).count();
      constexpr int kSteps = 1'000;
      for (int step = 1; step <= kSteps; ++step) {
        const double part = static_cast<double>(step) / kSteps;
        const double until = asked + seconds * part * (rate + (stage.rate - rate) * part / 2);
        const Nanoseconds now = from + Nanoseconds(std::llround(part * seconds * 1e9));
        while (at < times.size() && times[at] < now) ++at;
        ASSERT_NEAR(static_cast<double>(at), std::ceil(until), 1.001) << "seed " << seed;
      }
      asked += seconds * (rate + stage.rate) / 2;
      rate = stage.rate;
      from += stage.duration;
    }
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << "seed " << seed;
    EXPECT_EQ(times.size(), at) << "seed " << seed;
    EXPECT_TRUE(times.empty() || times.back() < end) << "seed " << seed;
  }
}

}  // namespace
}  // namespace stressbot
