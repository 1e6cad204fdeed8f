#include "StressBot/dashboard/plot/Reading.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/dashboard/plot/PlotSamples.h"

namespace stressbot::plot {
namespace {

double DistanceOf(const Points& points, std::size_t i, double at_s) {
  if (at_s < points.from_s[i]) return points.from_s[i] - at_s;
  return at_s > points.to_s[i] ? at_s - points.to_s[i] : 0;
}

TEST(ReadingTest, TheNearestPointIsTheNearestOfAll) {
  std::mt19937_64 random(41);
  for (int round = 0; round < 200; ++round) {
    const Points points = RandomPoints(random, 1 + random() % 50);
    for (int k = 0; k < 20; ++k) {
      const double at = std::uniform_real_distribution<>(-5, points.to_s.back() + 5)(random);
      const std::optional<std::size_t> nearest = NearestPoint(points, at);
      ASSERT_TRUE(nearest);
      for (std::size_t i = 0; i < points.size(); ++i)
        EXPECT_GE(DistanceOf(points, i, at), DistanceOf(points, *nearest, at) - 1e-9);
    }
  }
  EXPECT_FALSE(NearestPoint(Points{}, 1));
}

TEST(ReadingTest, WhatOnePixelShowsIsReadAsOne) {
  const Points points = Seconds(100);
  const auto several = PointsAt(points, 50, 10);
  ASSERT_TRUE(several);
  EXPECT_EQ(several->first, 45U);
  EXPECT_EQ(several->last, 54U);
  const auto one = PointsAt(points, 50.4, 0.01);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->first, 50U);
  EXPECT_EQ(one->last, 50U);
  EXPECT_FALSE(PointsAt(Points{}, 1, 1));
}

TEST(ReadingTest, ASpikeIsReadThoughItsPixelHasOthers) {
  Line line = Constant(100, 1);
  line.values[47] = 100;
  const Reading reading = Read(line, {40, 49});
  EXPECT_DOUBLE_EQ(reading.value, 10.9);
  EXPECT_DOUBLE_EQ(reading.low, 1);
  EXPECT_DOUBLE_EQ(reading.high, 100);
  EXPECT_EQ(ExtremesTextOf(reading, Unit::kCount), "1 - 100");
}

TEST(ReadingTest, ASingleSampleHasNoExtremes) {
  const Reading reading = Read(Constant(10, 5), {3, 3});
  EXPECT_DOUBLE_EQ(reading.value, 5);
  EXPECT_TRUE(std::isnan(reading.low));
  EXPECT_EQ(ExtremesTextOf(reading, Unit::kCount), "");
}

TEST(ReadingTest, APointOfSeveralSamplesHasItsOwn) {
  Line line = Constant(3, 5);
  line.low = {5, 2, 5};
  line.high = {5, 9, 5};
  EXPECT_EQ(ExtremesTextOf(Read(line, {1, 1}), Unit::kCount), "2 - 9");
  EXPECT_EQ(ExtremesTextOf(Read(line, {0, 0}), Unit::kCount), "") << "all samples were the same";
}

TEST(ReadingTest, WhereThereIsNoneItSaysSo) {
  Line line = Constant(3, 5);
  line.values[1] = kNoValue;
  EXPECT_EQ(ValueTextOf(Read(line, {1, 1}), Unit::kCount), "-");
  EXPECT_EQ(ValueTextOf(Read(line, {7, 9}), Unit::kCount), "-") << "the line ended before";
  EXPECT_EQ(ValueTextOf(Read(line, {0, 2}), Unit::kCount), "5");
}

TEST(ReadingTest, ALowerBoundIsToldAsOne) {
  Line line = Constant(2, 5e9);
  line.at_least = {false, true};
  EXPECT_EQ(ValueTextOf(Read(line, {0, 0}), Unit::kNanoseconds), "5.00 s");
  EXPECT_EQ(ValueTextOf(Read(line, {1, 1}), Unit::kNanoseconds), "\u2265 5.00 s");
}

TEST(ReadingTest, HeatBinsHaveAllThatFellIntoThem) {
  std::mt19937_64 random(42);
  for (int round = 0; round < 100; ++round) {
    const Points points = RandomPoints(random, 1 + random() % 100);
    Heat heat;
    heat.edges_ns = {1, 2, 4, 8, 16};
    std::vector<std::uint64_t> sums(4);
    for (std::size_t i = 0; i < points.size(); ++i) {
      std::vector<Heat::Cell> column;
      for (std::uint32_t row = 0; row < 4; ++row) {
        if (random() % 3 == 0) continue;
        column.push_back({row, 1 + random() % 1'000});
        sums[row] += column.back().count;
      }
      heat.columns.push_back(column);
    }
    const std::vector<HeatBin> bins = HeatBins(points, heat, 0, points.to_s.back(), 5);
    EXPECT_LE(bins.size(), points.to_s.back() / 5 + 1);
    double before = 0;
    for (const HeatBin& bin : bins) {
      EXPECT_GE(bin.from_s, before);
      EXPECT_GT(bin.to_s, bin.from_s);
      before = bin.to_s;
      for (const Heat::Cell& cell : bin.cells) sums[cell.row] -= cell.count;
    }
    EXPECT_EQ(sums, std::vector<std::uint64_t>(4));
  }
}

TEST(ReadingTest, ARowThatDoesNotExistIsLeftOut) {
  Heat heat;
  heat.edges_ns = {1, 2};
  heat.columns = {{{7, 100}}};
  const std::vector<HeatBin> bins = HeatBins(Seconds(1), heat, 0, 1, 1);
  ASSERT_EQ(bins.size(), 1U);
  EXPECT_TRUE(bins[0].cells.empty());
}

TEST(ReadingTest, ShadesGoByTheLogarithm) {
  EXPECT_EQ(ShadeOf(1, 1), kHeatShades - 1);
  EXPECT_EQ(ShadeOf(1, 10'000), 0);
  EXPECT_EQ(ShadeOf(100, 10'000), kHeatShades / 2);
  EXPECT_EQ(ShadeOf(10'000, 10'000), kHeatShades - 1);
  EXPECT_EQ(ShadeOf(20'000, 10'000), kHeatShades - 1);
}

}  // namespace
}  // namespace stressbot::plot
