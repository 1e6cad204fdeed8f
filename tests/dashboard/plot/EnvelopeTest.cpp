#include "StressBot/dashboard/plot/Envelope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "tests/dashboard/plot/PlotSamples.h"

namespace stressbot::plot {
namespace {

struct Extremes {
  double low = HUGE_VAL, high = -HUGE_VAL, sum = 0;
  std::size_t points = 0;
};

/// The same, found by looking at each point.
std::map<long long, Extremes> BruteForce(const Points& points, const Line& line, double from_s,
                                         double to_s, double bin_s) {
  std::map<long long, Extremes> bins;
  for (std::size_t i = 0; i < points.size() && i < line.values.size(); ++i) {
    const double bin = std::floor(points.MiddleOf(i) / bin_s);
    if (bin < std::floor(from_s / bin_s) || bin > std::floor(to_s / bin_s)) continue;
    if (!std::isfinite(line.values[i])) continue;
    Extremes& extremes = bins[static_cast<long long>(bin)];
    extremes.low = std::min(extremes.low, line.low.empty() ? line.values[i] : line.low[i]);
    extremes.high = std::max(extremes.high, line.high.empty() ? line.values[i] : line.high[i]);
    extremes.sum += line.values[i];
    ++extremes.points;
  }
  return bins;
}

TEST(EnvelopeTest, EqualsBruteForceWhateverTheDataAndTheZoom) {
  std::mt19937_64 random(31);
  for (int round = 0; round < 300; ++round) {
    const Points points = RandomPoints(random, 1 + random() % 400);
    const Line line = RandomLine(random, points.size(), round % 2 == 0);
    const double end = points.to_s.back();
    const double from = std::uniform_real_distribution<>(0, end)(random);
    const double to = std::uniform_real_distribution<>(from, end)(random);
    const double bin = (to - from + 1e-3) / static_cast<double>(1 + random() % 300);
    const std::vector<EnvelopeBin> bins = Envelope(points, line, from, to, bin);
    auto expected = BruteForce(points, line, from, to, bin);
    for (const EnvelopeBin& each : bins) {
      const auto place = static_cast<long long>(std::floor(each.at_s / bin));
      const auto found = expected.find(place);
      if (found == expected.end()) {
        EXPECT_EQ(each.points, 1U) << "only a neighbour on either side may be outside";
        EXPECT_TRUE(&each == &bins.front() || &each == &bins.back());
        continue;
      }
      EXPECT_DOUBLE_EQ(each.low, found->second.low);
      EXPECT_DOUBLE_EQ(each.high, found->second.high);
      EXPECT_EQ(each.points, found->second.points);
      EXPECT_NEAR(each.value, found->second.sum / static_cast<double>(each.points), 1e-6);
      expected.erase(found);
    }
    EXPECT_TRUE(expected.empty()) << "a bin was lost";
  }
}

TEST(EnvelopeTest, NoSpikeIsLost) {
  const Points points = Seconds(4'500);
  Line line = Constant(4'500, 1);
  for (const std::size_t at : {0U, 1U, 777U, 2'250U, 4'498U, 4'499U}) {
    line.values.assign(4'500, 1.0);
    line.values[at] = 100;
    const std::vector<EnvelopeBin> bins = Envelope(points, line, 0, 4'500, 4'500.0 / 640);
    EXPECT_LE(bins.size(), 642U);
    EXPECT_EQ(std::count_if(bins.begin(), bins.end(),
                            [](const EnvelopeBin& bin) { return bin.high >= 100; }),
              1)
        << at;
  }
}

TEST(EnvelopeTest, FewPointsAreEachShownWhereTheyAre) {
  const Points points = Seconds(10);
  Line line = Constant(10, 0);
  for (std::size_t i = 0; i < 10; ++i) line.values[i] = static_cast<double>(i);
  const std::vector<EnvelopeBin> bins = Envelope(points, line, 3, 6, 0.01);
  ASSERT_EQ(bins.size(), 5U) << "three, and one beyond each edge";
  EXPECT_DOUBLE_EQ(bins.front().at_s, 2.5);
  EXPECT_DOUBLE_EQ(bins.back().at_s, 6.5);
  EXPECT_DOUBLE_EQ(bins[2].value, 4);
  for (std::size_t i = 1; i < bins.size(); ++i) EXPECT_FALSE(bins[i].starts) << i;
}

TEST(EnvelopeTest, APointThatSpansTheWholePictureIsStillThere) {
  const Points points{{0, 100, 200}, {100, 200, 300}};
  const Line line = Constant(3, 7);
  const std::vector<EnvelopeBin> bins = Envelope(points, line, 110, 120, 0.1);
  ASSERT_EQ(bins.size(), 2U) << "the line between two middles crosses the picture";
  EXPECT_DOUBLE_EQ(bins[0].at_s, 50);
  EXPECT_DOUBLE_EQ(bins[1].at_s, 150);
}

TEST(EnvelopeTest, WhereThereIsNoValueTheLineBreaks) {
  Line line = Constant(6, 1);
  line.values[3] = kNoValue;
  const std::vector<EnvelopeBin> bins = Envelope(Seconds(6), line, 0, 6, 0.1);
  ASSERT_EQ(bins.size(), 5U);
  EXPECT_TRUE(bins[0].starts);
  EXPECT_FALSE(bins[2].starts);
  EXPECT_TRUE(bins[3].starts);
  EXPECT_FALSE(bins[4].starts);
}

TEST(EnvelopeTest, WhereThereIsNoPointTheLineBreaks) {
  const Points points{{0, 1, 5, 6}, {1, 2, 6, 7}};
  const std::vector<EnvelopeBin> bins = Envelope(points, Constant(4, 1), 0, 7, 0.1);
  ASSERT_EQ(bins.size(), 4U);
  EXPECT_FALSE(bins[1].starts);
  EXPECT_TRUE(bins[2].starts);
  EXPECT_FALSE(bins[3].starts);
}

TEST(EnvelopeTest, ALineThatEndsEarlyEnds) {
  EXPECT_EQ(Envelope(Seconds(10), Constant(4, 1), 0, 10, 0.1).size(), 4U);
  EXPECT_TRUE(Envelope(Seconds(10), Constant(4, 1), 8, 10, 0.1).empty());
  EXPECT_TRUE(Envelope(Points{}, Line{}, 0, 10, 0.1).empty());
}

TEST(EnvelopeTest, BinsStayTogetherWhileThePictureMovesOn) {
  std::mt19937_64 random(32);
  const Points points = Seconds(1'000);
  const Line line = RandomLine(random, 1'000, false);
  const std::vector<EnvelopeBin> before = Envelope(points, line, 100, 700, 7);
  const std::vector<EnvelopeBin> after = Envelope(points, line, 101, 701, 7);
  std::size_t same = 0;
  for (const EnvelopeBin& bin : before) {
    same += static_cast<std::size_t>(
        std::count_if(after.begin(), after.end(), [&](const EnvelopeBin& other) {
          return std::abs(other.at_s - bin.at_s) < 1e-9 && std::abs(other.high - bin.high) < 1e-9;
        }));
  }
  EXPECT_GE(same + 4, before.size());
}

TEST(EnvelopeTest, ALowerBoundShowsInItsBin) {
  Line line = Constant(8, 1);
  line.at_least.assign(8, false);
  line.at_least[5] = true;
  const std::vector<EnvelopeBin> bins = Envelope(Seconds(8), line, 0, 8, 4);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_FALSE(bins[0].at_least);
  EXPECT_TRUE(bins[1].at_least);
}

TEST(EnvelopeTest, ExtremesAreThoseOfWhatCanBeSeen) {
  Line line = Constant(10, 5);
  line.values[2] = 100;
  line.values[7] = 0;
  EXPECT_EQ(ExtremesIn(Seconds(10), line, 4, 6, false), std::make_pair(5.0, 5.0));
  EXPECT_EQ(ExtremesIn(Seconds(10), line, 3, 6, false).second, 100) << "the line comes from there";
  EXPECT_EQ(ExtremesIn(Seconds(10), line, 0, 10, false).first, 0);
  EXPECT_EQ(ExtremesIn(Seconds(10), line, 0, 10, true).first, 5) << "a log axis has no zero";
  EXPECT_GT(ExtremesIn(Points{}, Line{}, 0, 10, true).first, 1e300);
}

}  // namespace
}  // namespace stressbot::plot
