#include "StressBot/metrics/Histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace stressbot {
namespace {

using Draw = std::function<double(std::mt19937_64&)>;

struct Distribution {
  const char* name;
  Draw draw;
};

std::vector<Distribution> Distributions() {
  return {
      {"constant", [](std::mt19937_64&) { return 1'234'567.0; }},
      {"uniform", [](auto& random) { return std::uniform_real_distribution(0.0, 5e9)(random); }},
      {"exponential", [](auto& random) { return std::exponential_distribution(1e-7)(random); }},
      {"log-normal", [](auto& random) { return std::lognormal_distribution(14.0, 2.5)(random); }},
      {"small", [](auto& random) { return std::uniform_real_distribution(0.0, 3000.0)(random); }},
      {"two peaks",
       [](auto& random) {
         return std::normal_distribution(random() % 100 == 0 ? 1e9 : 1e6, 1e4)(random);
       }},
  };
}

std::vector<std::int64_t> Sample(const Distribution& distribution, std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<std::int64_t> values(count);
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(std::clamp(distribution.draw(random), 0.0, 4e12));
  }
  return values;
}

Histogram HistogramOf(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.Record(value);
  return histogram;
}

TEST(HistogramTest, PercentilesAgreeWithASortedListToThreeDigits) {
  for (const Distribution& distribution : Distributions()) {
    SCOPED_TRACE(distribution.name);
    std::vector<std::int64_t> values = Sample(distribution, 20'000);
    const Histogram histogram = HistogramOf(values);
    std::sort(values.begin(), values.end());
    for (const double percent : {0.0, 0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
      const auto rank = std::max(1.0, std::ceil(percent / 100 * 20'000 - 1e-6));
      const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
      const auto ours = static_cast<double>(histogram.Percentile(percent));
      EXPECT_GE(ours, exact) << percent;
      EXPECT_LE(ours, exact * 1.001 + 1) << percent;
    }
    EXPECT_EQ(histogram.min_ns(), values.front());
    EXPECT_EQ(histogram.max_ns(), values.back());
  }
}

TEST(HistogramTest, NineHundredNinetyNineOfAThousandIsTheRankOfP999) {
  Histogram histogram;
  histogram.RecordMany(10, 999);
  histogram.Record(1'000'000);
  EXPECT_EQ(histogram.Percentile(99.9), 10);
  EXPECT_EQ(histogram.Percentile(99.91), 1'000'000);
}

TEST(HistogramTest, MergingEqualsRecordingEverythingInOneBucketByBucket) {
  for (const Distribution& distribution : Distributions()) {
    SCOPED_TRACE(distribution.name);
    const std::vector<std::int64_t> values = Sample(distribution, 9'000);
    Histogram parts[3];
    for (std::size_t i = 0; i < values.size(); ++i) parts[i % 3].Record(values[i]);
    Histogram merged;
    for (const Histogram& part : parts) merged.Merge(part);
    const Histogram whole = HistogramOf(values);
    for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
      ASSERT_EQ(merged.CountAt(bucket), whole.CountAt(bucket)) << bucket;
    }
    EXPECT_EQ(merged.count(), whole.count());
    EXPECT_EQ(merged.min_ns(), whole.min_ns());
    EXPECT_EQ(merged.max_ns(), whole.max_ns());
    EXPECT_NEAR(merged.mean_ns(), whole.mean_ns(), whole.mean_ns() * 1e-12);
  }
}

TEST(HistogramTest, BucketsCoverTheRangeWithoutGapOrOverlap) {
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    ASSERT_EQ(Histogram::BucketOf(Histogram::LowestOf(bucket)), bucket);
    ASSERT_EQ(Histogram::BucketOf(Histogram::HighestOf(bucket)), bucket);
    if (bucket > 0) {
      ASSERT_EQ(Histogram::HighestOf(bucket - 1) + 1, Histogram::LowestOf(bucket));
    }
  }
}

TEST(HistogramTest, PercentilesThatTouchTimeOutsAreLowerBounds) {
  Histogram histogram;
  histogram.RecordMany(1'000'000, 98);
  EXPECT_FALSE(histogram.IsLowerBound(100));
  histogram.RecordAtLeast(5'000'000'000);
  histogram.RecordAtLeast(6'000'000'000);
  EXPECT_FALSE(histogram.IsLowerBound(98));
  EXPECT_TRUE(histogram.IsLowerBound(99));
  EXPECT_TRUE(histogram.IsLowerBound(100));
  EXPECT_EQ(histogram.lower_bounds(), 2U);
}

TEST(HistogramTest, SlowerRepliesBehindATimeOutAreLowerBoundsToo) {
  // The time-out's true age may lie above them, and would push them down a rank.
  Histogram histogram;
  histogram.RecordAtLeast(1'000'000);
  histogram.RecordMany(9'000'000, 9);
  EXPECT_TRUE(histogram.IsLowerBound(50));
}

TEST(HistogramTest, LowerBoundsSurviveAMergeAndEndWithClear) {
  Histogram timed_out;
  timed_out.RecordAtLeast(5'000'000'000);
  Histogram histogram;
  histogram.RecordMany(1, 10);
  histogram.Merge(timed_out);
  EXPECT_TRUE(histogram.IsLowerBound(100));
  histogram.Clear();
  EXPECT_FALSE(histogram.IsLowerBound(100));
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.Percentile(99), 0);
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    ASSERT_EQ(histogram.CountAt(bucket), 0U);
  }
}

TEST(HistogramTest, ExtremesAreKept) {
  constexpr std::int64_t kTwoHours = 7'200'000'000'000;
  Histogram histogram;
  histogram.Record(-5);
  EXPECT_EQ(histogram.max_ns(), 0);
  histogram.Record(kTwoHours);
  EXPECT_EQ(histogram.min_ns(), 0);
  EXPECT_EQ(histogram.max_ns(), kTwoHours);
  EXPECT_EQ(histogram.Percentile(100), kTwoHours);
  EXPECT_EQ(histogram.Percentile(50), 0);
}

TEST(HistogramTest, MovingTakesEverything) {
  Histogram from;
  from.RecordMany(42, 3);
  Histogram to(std::move(from));
  EXPECT_EQ(to.count(), 3U);
  EXPECT_TRUE(from.empty());  // NOLINT: a moved-from histogram is empty and may be used again
  from.Record(7);
  EXPECT_EQ(from.max_ns(), 7);
}

}  // namespace
}  // namespace stressbot
