#include "StressBot/metrics/Timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A run whose seconds are added one by one.
class TimelineTest : public testing::Test {
 protected:
  void Add(Timeline& timeline, MetricsFrame frame, Phase phase = Phase::kLoad,
           std::chrono::nanoseconds length = 1s) {
    const MetricsInterval interval{at_, at_ + length, phase, std::move(frame)};
    at_ += length;
    timeline.Add(interval);
  }
  MetricsFrame Frame() const { return MetricsFrame(catalog_); }

  MetricsCatalog catalog_;
  TrendId latency_ = catalog_.Trend("request_duration", {});
  TrendId silent_ = catalog_.Trend("recovery_duration", {});
  CounterId sent_ = catalog_.Counter("requests", {});
  RateId failed_ = catalog_.Rate("requests_failed", {});
  GaugeId memory_ = catalog_.Gauge("server_memory", {});
  std::chrono::nanoseconds at_{};
};

TEST_F(TimelineTest, EachSecondIsAPointOfItsOwn) {
  Timeline timeline(catalog_);
  for (int i = 0; i < 3; ++i) {
    MetricsFrame frame = Frame();
    frame.Add(sent_, static_cast<std::uint64_t>(10 + i));
    frame.Count(failed_, i == 1, 4);
    frame.Set(memory_, 100.0 * i);
    for (int n = 0; n < 100; ++n) frame.Record(latency_, 1'000'000 * (i + 1));
    Add(timeline, std::move(frame));
  }
  ASSERT_EQ(timeline.spans().size(), 3U);
  EXPECT_EQ(timeline.spans()[1].from, 1s);
  EXPECT_EQ(timeline.counter(sent_).At(2), 12U);
  EXPECT_EQ(timeline.rate(failed_).At(1).passed, 4U);
  EXPECT_EQ(timeline.rate(failed_).At(2).passed, 0U);
  EXPECT_DOUBLE_EQ(timeline.gauge(memory_).At(2).last, 200);
  const TrendPoint point = timeline.trend(latency_).At(1);
  EXPECT_EQ(point.count, 100U);
  EXPECT_NEAR(static_cast<double>(point.values_ns[TrendPoint::kP99]), 2e6, 2e3);
  ASSERT_EQ(point.heat.size(), 1U);
  EXPECT_EQ(point.heat[0].row(), HeatRowOf(2'000'000));
  EXPECT_EQ(point.heat[0].count(), 100U);
}

TEST_F(TimelineTest, ASeriesWithoutDataTakesNoMemoryAndIsZero) {
  Timeline timeline(catalog_);
  Add(timeline, Frame());
  MetricsFrame second = Frame();
  second.Add(sent_);
  Add(timeline, std::move(second));
  EXPECT_EQ(timeline.trend(silent_).points.capacity(), 0U);
  EXPECT_EQ(timeline.trend(silent_).At(1).count, 0U);
  EXPECT_EQ(timeline.counter(sent_).first, 1U);
  EXPECT_EQ(timeline.counter(sent_).At(0), 0U);
  EXPECT_EQ(timeline.counter(sent_).At(1), 1U);
}

TEST_F(TimelineTest, PercentilesThatTouchTimeOutsAreLowerBounds) {
  Timeline timeline(catalog_);
  MetricsFrame frame = Frame();
  for (int i = 0; i < 96; ++i) frame.Record(latency_, 1'000'000);
  for (int i = 0; i < 4; ++i) frame.RecordAtLeast(latency_, 5'000'000'000);
  Add(timeline, std::move(frame));
  EXPECT_EQ(timeline.trend(latency_).At(0).lower_bound_from, TrendPoint::kP99);
}

TEST_F(TimelineTest, RowsOfTheHeatMapCoverAllValuesWithoutGaps) {
  EXPECT_EQ(HeatRowOf(-5), 0U);
  EXPECT_EQ(HeatRowOf(0), 0U);
  EXPECT_EQ(HeatRowOf(std::numeric_limits<std::int64_t>::max()), kHeatRows - 1);
  for (std::size_t row = 1; row < kHeatRows; ++row) {
    EXPECT_EQ(HeatRowOf(HeatLowestOf(row)), row);
    EXPECT_EQ(HeatRowOf(HeatLowestOf(row) - 1), row - 1);
    // A bucket of the histogram lies in one row.
    const std::size_t bucket = Histogram::BucketOf(HeatLowestOf(row));
    EXPECT_EQ(Histogram::LowestOf(bucket), HeatLowestOf(row));
  }
}

TEST_F(TimelineTest, MergedNeighboursSayHowBadItWasAtItsWorst) {
  TrendPoint a{10, {1, 2, 3, 4, 5}, TrendPoint::kValues, {{3, 10}}};
  const TrendPoint b{5, {2, 2, 2, 2, 9}, TrendPoint::kMax, {{2, 1}, {3, 4}}};
  MergePoint(a, 1, b, 1);
  EXPECT_EQ(a.count, 15U);
  EXPECT_THAT(a.values_ns, ElementsAre(2, 2, 3, 4, 9));
  EXPECT_EQ(a.lower_bound_from, TrendPoint::kMax);
  ASSERT_EQ(a.heat.size(), 2U);
  EXPECT_EQ(a.heat[0].count(), 1U);
  EXPECT_EQ(a.heat[1].count(), 14U);
  GaugePoint gauge{4, 2, 6, 3};
  MergePoint(gauge, 3, {1, 1, 9, 7}, 1);
  EXPECT_DOUBLE_EQ(gauge.last, 1);
  EXPECT_DOUBLE_EQ(gauge.min, 1);
  EXPECT_DOUBLE_EQ(gauge.max, 9);
  EXPECT_DOUBLE_EQ(gauge.mean, 4);
}

TEST_F(TimelineTest, ManyDaysStayBoundedAndLoseNoCount) {
  constexpr int kSeconds = 40'000;
  Timeline timeline(catalog_, 400, 100);
  for (int i = 0; i < kSeconds; ++i) {
    MetricsFrame frame = Frame();
    frame.Add(sent_, 3);
    frame.Count(failed_, i % 2 == 0);
    Add(timeline, std::move(frame));
    ASSERT_LE(timeline.spans().size(), 400U);
  }
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint32_t intervals = 0;
  std::chrono::nanoseconds reached{};
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) {
    const Timeline::Span& span = timeline.spans()[i];
    EXPECT_EQ(span.from, reached);
    reached = span.to;
    intervals += span.intervals;
    sent += timeline.counter(sent_).At(i);
    failed += timeline.rate(failed_).At(i).passed;
    if (i + 100 >= timeline.spans().size()) {
      EXPECT_EQ(span.to - span.from, 1s);
    }
  }
  EXPECT_EQ(sent, 3U * kSeconds);
  EXPECT_EQ(failed, kSeconds / 2U);
  EXPECT_EQ(intervals, static_cast<std::uint32_t>(kSeconds));
  EXPECT_EQ(reached, std::chrono::seconds(kSeconds));
}

TEST_F(TimelineTest, ALongTrendTakesOneMegabyteAtMost) {
  Timeline timeline(catalog_);
  for (int i = 0; i < 9'000; ++i) {
    MetricsFrame frame = Frame();
    for (int n = 0; n < 20; ++n) frame.Record(latency_, std::int64_t{100'000} << (n % 10));
    Add(timeline, std::move(frame));
  }
  std::size_t bytes = 0;
  for (const TrendPoint& point : timeline.trend(latency_).points) {
    bytes += sizeof(point) + point.heat.capacity() * sizeof(HeatCell);
  }
  EXPECT_LT(timeline.spans().size(), Timeline::kPointsMax);
  EXPECT_LT(bytes, 1'000'000U);
}

TEST_F(TimelineTest, AnHourIsToldSecondBySecond) {
  Timeline timeline(catalog_);
  for (int i = 0; i < 3'601; ++i) Add(timeline, Frame());
  EXPECT_EQ(timeline.spans().size(), 3'601U);
}

TEST_F(TimelineTest, PhasesStayApart) {
  Timeline timeline(catalog_, 40, 4);
  Add(timeline, Frame(), Phase::kWarmup, 500ms);
  for (int i = 0; i < 200; ++i) Add(timeline, Frame());
  EXPECT_EQ(timeline.spans()[0].phase, Phase::kWarmup);
  EXPECT_EQ(timeline.spans()[0].to, 500ms);
  EXPECT_EQ(timeline.spans()[1].from, 500ms);
}

TEST_F(TimelineTest, DataThatBeginsInTheMiddleOfAMergedPointIsKept) {
  Timeline timeline(catalog_, 16, 2);
  for (int i = 0; i < 200; ++i) {
    MetricsFrame frame = Frame();
    if (i >= 3) frame.Add(sent_);
    if (i >= 3) frame.Set(memory_, 8);
    Add(timeline, std::move(frame));
  }
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < timeline.spans().size(); ++i) sent += timeline.counter(sent_).At(i);
  EXPECT_EQ(sent, 197U);
  const GaugePoint first = timeline.gauge(memory_).At(0);
  EXPECT_DOUBLE_EQ(first.min, 0);
  EXPECT_DOUBLE_EQ(first.mean * timeline.spans()[0].intervals,
                   8.0 * (timeline.spans()[0].intervals - 3));
}

TEST_F(TimelineTest, SlopesStayRightWhenThePointsAreThinned) {
  RunMetrics metrics(catalog_);
  const auto bytes = [](int second) { return 1e6 + 100.0 * second + (second % 7) * 1e3; };
  constexpr int kSeconds = 20'000;
  for (int i = 0; i < kSeconds; ++i) {
    MetricsInterval interval{std::chrono::seconds(i), std::chrono::seconds(i + 1), Phase::kLoad,
                             Frame()};
    interval.frame.Set(memory_, bytes(i));
    metrics.Add(interval);
  }
  EXPECT_LT(metrics.timeline().spans().size(), 5'000U);
  const GaugeCurve curve = CurveOf(metrics, memory_);
  const auto fit = FitSlope(curve);
  ASSERT_TRUE(fit && fit->interval);
  EXPECT_EQ(fit->samples, static_cast<std::size_t>(kSeconds));
  EXPECT_NEAR(fit->per_hour, 3'600 * 100.0, 1'000);
  EXPECT_DOUBLE_EQ(curve.Last(), bytes(kSeconds - 1));
  EXPECT_DOUBLE_EQ(curve.Min(), bytes(0));
}

}  // namespace
}  // namespace stressbot
