#include "StressBot/dashboard/plot/Ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace stressbot::plot {
namespace {

using testing::ElementsAre;

std::vector<std::string> LabelsOf(const std::vector<Tick>& ticks) {
  std::vector<std::string> labels;
  for (const Tick& tick : ticks) labels.push_back(tick.label);
  return labels;
}

/// What holds of any ticks.
void ExpectSound(const std::vector<Tick>& ticks, AxisRange range) {
  const double slack = 1e-6 * (range.high - range.low);
  std::set<std::string> labels;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    EXPECT_GE(ticks[i].value, range.low - slack);
    EXPECT_LE(ticks[i].value, range.high + slack);
    if (i > 0) {
      EXPECT_GT(ticks[i].value, ticks[i - 1].value);
    }
    EXPECT_TRUE(labels.insert(ticks[i].label).second) << "twice: " << ticks[i].label;
  }
}

TEST(TicksTest, RoundsTo125) {
  EXPECT_DOUBLE_EQ(RoundUpTo125(1), 1);
  EXPECT_DOUBLE_EQ(RoundUpTo125(1.1), 2);
  EXPECT_DOUBLE_EQ(RoundUpTo125(2.1e6), 5e6);
  EXPECT_DOUBLE_EQ(RoundUpTo125(0.051), 0.1);
  EXPECT_DOUBLE_EQ(RoundUpTo125(1000), 1000);
  EXPECT_DOUBLE_EQ(RoundDownTo125(1000), 1000);
  EXPECT_DOUBLE_EQ(RoundDownTo125(999), 500);
  EXPECT_DOUBLE_EQ(RoundDownTo125(0.3), 0.2);
  EXPECT_DOUBLE_EQ(RoundDownTo125(1.9), 1);
}

TEST(TicksTest, LinearAxesHaveUnits) {
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kPerSecond, {0, 20'000}, 4)),
              ElementsAre("0", "5,000/s", "10 k/s", "15 k/s", "20 k/s"));
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kBytes, {0, 2e6}, 4)),
              ElementsAre("0", "500 kB", "1 MB", "1.5 MB", "2 MB"));
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kBytesPerSecond, {0, 1e9}, 2)),
              ElementsAre("0", "500 MB/s", "1 GB/s"));
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kPercent, {0, 100}, 2)),
              ElementsAre("0 %", "50 %", "100 %"));
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kNanoseconds, {0, 2e6}, 4)),
              ElementsAre("0", "500 us", "1 ms", "1.5 ms", "2 ms"));
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kPerSecond, {0, 0.5}, 5)),
              ElementsAre("0", "0.1/s", "0.2/s", "0.3/s", "0.4/s", "0.5/s"));
}

TEST(TicksTest, CountsHaveNoFractions) {
  EXPECT_THAT(LabelsOf(LinearTicks(Unit::kCount, {0, 2}, 10)), ElementsAre("0", "1", "2"));
}

TEST(TicksTest, LinearTicksAreWithinTheRangeAndFewEnoughWhateverItIs) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 2'000; ++i) {
    const double scale = std::pow(10.0, std::uniform_real_distribution<>(-2, 12)(random));
    const double low = std::uniform_real_distribution<>(0, 1)(random) * scale;
    const AxisRange range{low, low + scale};
    const std::size_t most = 2 + random() % 9;
    for (const Unit unit :
         {Unit::kNanoseconds, Unit::kBytesPerSecond, Unit::kPerSecond, Unit::kPercent}) {
      const std::vector<Tick> ticks = LinearTicks(unit, range, most);
      ExpectSound(ticks, range);
      EXPECT_LE(ticks.size(), most + 1);
      EXPECT_GE(ticks.size(), most / 3) << "much of the room is wasted";
    }
  }
}

TEST(TicksTest, ALogAxisShows125WhereThereIsRoomElseDecades) {
  EXPECT_THAT(LabelsOf(LogTicks(Unit::kNanoseconds, {1e5, 1e7}, 200, 20)),
              ElementsAre("100 us", "200 us", "500 us", "1 ms", "2 ms", "5 ms", "10 ms"));
  EXPECT_THAT(LabelsOf(LogTicks(Unit::kNanoseconds, {1e5, 1e10}, 200, 20)),
              ElementsAre("100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s"));
  EXPECT_THAT(LabelsOf(LogTicks(Unit::kNanoseconds, {1e5, 2e8}, 100, 20)),
              ElementsAre("100 us", "1 ms", "10 ms", "200 ms"))
      << "the top is always told";
}

TEST(TicksTest, LogTicksKeepApart) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 2'000; ++i) {
    const double low = RoundDownTo125(std::pow(10, std::uniform_real_distribution<>(0, 9)(random)));
    const double high =
        RoundUpTo125(low * std::pow(10, std::uniform_real_distribution<>(0.3, 6)(random)));
    const double length = std::uniform_real_distribution<>(30, 400)(random);
    const std::vector<Tick> ticks = LogTicks(Unit::kNanoseconds, {low, high}, length, 18);
    ExpectSound(ticks, {low, high});
    ASSERT_FALSE(ticks.empty());
    EXPECT_DOUBLE_EQ(ticks.back().value, high);
    const double px_per_decade = length / std::log10(high / low);
    for (std::size_t k = 1; k < ticks.size(); ++k)
      EXPECT_GE(px_per_decade * std::log10(ticks[k].value / ticks[k - 1].value), 18 * 0.999);
  }
}

TEST(TicksTest, TimeHasTheStepsOfAClock) {
  EXPECT_THAT(LabelsOf(TimeTicks({0, 60}, 5)), ElementsAre("0:00", "0:15", "0:30", "0:45", "1:00"));
  EXPECT_THAT(LabelsOf(TimeTicks({100, 400}, 6)),
              ElementsAre("2:00", "3:00", "4:00", "5:00", "6:00"));
  EXPECT_THAT(LabelsOf(TimeTicks({0, 3 * 3600}, 7)),
              ElementsAre("0:00", "30:00", "1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00"));
  EXPECT_THAT(LabelsOf(TimeTicks({30, 31}, 4)), ElementsAre("0:30.0", "0:30.5", "0:31.0"));
}

TEST(TicksTest, TimeTicksAreWithinTheRangeAndFewEnough) {
  std::mt19937_64 random(13);
  for (int i = 0; i < 2'000; ++i) {
    const double span = std::pow(10, std::uniform_real_distribution<>(-1, 6.5)(random));
    const double from = std::uniform_real_distribution<>(0, 1e5)(random);
    const std::size_t most = 2 + random() % 12;
    const std::vector<Tick> ticks = TimeTicks({from, from + span}, most);
    ExpectSound(ticks, {from, from + span});
    EXPECT_LE(ticks.size(), most + 1);
  }
}

TEST(TicksTest, NoRoomOrNoRangeIsNoTick) {
  EXPECT_TRUE(LinearTicks(Unit::kCount, {0, 1}, 0).empty());
  EXPECT_TRUE(LinearTicks(Unit::kCount, {3, 3}, 5).empty());
  EXPECT_TRUE(TimeTicks({5, 5}, 5).empty());
  EXPECT_TRUE(LogTicks(Unit::kNanoseconds, {5, 5}, 100, 10).empty());
}

TEST(TicksTest, Moments) {
  EXPECT_EQ(MomentText(7), "0:07");
  EXPECT_EQ(MomentText(65), "1:05");
  EXPECT_EQ(MomentText(59.6), "1:00");
  EXPECT_EQ(MomentText(7'205), "2:00:05");
  EXPECT_EQ(MomentText(30.25, 2), "0:30.25");
  EXPECT_EQ(MomentText(59.999, 2), "1:00.00");
}

TEST(TicksTest, ValuesReadAsInTheReports) {
  EXPECT_EQ(ValueText(Unit::kNanoseconds, 12.4e6), "12.4 ms");
  EXPECT_EQ(ValueText(Unit::kBytes, 61e6), "61 MB");
  EXPECT_EQ(ValueText(Unit::kBytesPerSecond, 1.1e6), "1.1 MB/s");
  EXPECT_EQ(ValueText(Unit::kPerSecond, 1250), "1,250 /s");
  EXPECT_EQ(ValueText(Unit::kPerSecond, 0.25), "0.25 /s");
  EXPECT_EQ(ValueText(Unit::kCount, 1'000), "1,000");
  EXPECT_EQ(ValueText(Unit::kCount, 12.34), "12.3");
  EXPECT_EQ(ValueText(Unit::kPercent, 98.76), "98.8 %");
  EXPECT_EQ(ValueText(Unit::kCount, kNoValue), "-");
}

}  // namespace
}  // namespace stressbot::plot
