#include "StressBot/metrics/ThresholdWatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using testing::HasSubstr;

/// A run of a latency, a rate and a gauge, told second by second.
class ThresholdWatchTest : public testing::Test {
 protected:
  struct Second {
    std::vector<nanoseconds> latencies{};
    std::uint64_t passed = 0, failed = 0;
    double gauge = 0;
  };

  Threshold Make(std::string metric, std::string_view expression, MetricKind kind,
                 std::optional<nanoseconds> window) {
    std::string error;
    auto threshold = ParseThreshold({std::move(metric), {}}, kind, expression, error);
    EXPECT_TRUE(threshold) << error;
    threshold->window = window;
    return *threshold;
  }
  Threshold Latency(std::string_view expression, std::optional<nanoseconds> window) {
    return Make("rtt", expression, MetricKind::kTrend, window);
  }
  void Watch(Threshold threshold) { watch_.emplace(std::vector{std::move(threshold)}); }

  /// The next second of the phase.
  void Pass(const Second& second, Phase phase = Phase::kLoad, nanoseconds length = 1s) {
    MetricsInterval interval{now_, now_ + length, phase, MetricsFrame(catalog_)};
    for (const nanoseconds latency : second.latencies) interval.frame.Record(rtt_, latency.count());
    interval.frame.Count(checks_, true, second.passed);
    interval.frame.Count(checks_, false, second.failed);
    interval.frame.Set(memory_, second.gauge);
    now_ = interval.to;
    metrics_.Add(interval);
    watch_->Observe(interval, metrics_);
  }
  ThresholdResult Result() const {
    const auto results = watch_->Results(metrics_);
    EXPECT_EQ(results.size(), 1U);
    return results.front();
  }

  MetricsCatalog catalog_;
  const TrendId rtt_ = catalog_.Trend("rtt", {});
  const RateId checks_ = catalog_.Rate("checks", {});
  const GaugeId memory_ = catalog_.Gauge("memory", {});
  RunMetrics metrics_{catalog_};
  std::optional<ThresholdWatch> watch_;
  nanoseconds now_{};
};

TEST_F(ThresholdWatchTest, AShortBadStretchFailsItsWindowsThoughTheWholeIsGood) {
  Watch(Latency("avg<100ms", 5s));
  for (int i = 0; i < 100; ++i) Pass({{i == 50 ? 1s : 10ms}});
  const ThresholdResult result = Result();
  EXPECT_FALSE(result.passed);
  // Five windows hold that second: (1 s + 4 x 10 ms) / 5. The first ends with it.
  EXPECT_DOUBLE_EQ(result.value, 208e6);
  EXPECT_THAT(result.detail, HasSubstr("in the 5.0 s before 51.0 s"));
  EXPECT_THAT(result.detail, HasSubstr("5 of 96 windows failed"));
  EXPECT_TRUE(Judge(Latency("avg<100ms", {}), metrics_).passed);
}

TEST_F(ThresholdWatchTest, TheWorstWindowIsToldWhenAllHold) {
  Watch(Latency("max<100ms", 3s));
  for (int i = 0; i < 20; ++i) Pass({{std::chrono::milliseconds(i == 7 ? 90 : 10)}});
  const ThresholdResult result = Result();
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.value, 90e6);
  EXPECT_THAT(result.detail, HasSubstr("in the 3.0 s before 8.0 s"));
  EXPECT_THAT(result.detail, HasSubstr("the worst of 18 windows"));
}

TEST_F(ThresholdWatchTest, OnlyFullWindowsOfTheMeasuredPartCount) {
  Watch(Latency("max<100ms", 5s));
  for (int i = 0; i < 4; ++i) Pass({{5s}}, Phase::kWarmup);
  Pass({{5s}}, Phase::kWarmup, 500ms);
  Pass({{10ms}}, Phase::kLoad, 500ms);
  for (int i = 0; i < 6; ++i) Pass({{10ms}});
  for (int i = 0; i < 6; ++i) Pass({{5s}}, Phase::kStop);
  const ThresholdResult result = Result();
  EXPECT_TRUE(result.passed);
  EXPECT_THAT(result.detail, HasSubstr("worst of 2 windows"));  // until 10 s and 11 s
}

TEST_F(ThresholdWatchTest, AMeasuredPartShorterThanItIsOneWindow) {
  Watch(Latency("max<100ms", 60s));
  for (int i = 0; i < 5; ++i) Pass({{i == 2 ? 200ms : 10ms}});
  EXPECT_FALSE(Result().passed);
  EXPECT_EQ(Result().value, 200e6);
}

TEST_F(ThresholdWatchTest, WindowsInWhichNothingHappenedSayNothing) {
  Watch(Latency("max<100ms", 2s));
  Pass({{10ms}});
  for (int i = 0; i < 10; ++i) Pass({});
  EXPECT_TRUE(Result().passed);
  EXPECT_THAT(Result().detail, HasSubstr("worst of 1 window"));

  Watch(Latency("max<100ms", 2s));
  RunMetrics nothing(catalog_);
  const auto results = watch_->Results(nothing);
  EXPECT_FALSE(results.front().passed);
  EXPECT_FALSE(results.front().has_data);
}

TEST_F(ThresholdWatchTest, RatesAndGaugesHaveWindowsToo) {
  Watch(Make("checks", "rate>0.5", MetricKind::kRate, 2s));
  for (int i = 0; i < 10; ++i) Pass({.passed = 10, .failed = i == 4 ? 11U : 0U});
  EXPECT_TRUE(Result().passed);  // 20 of 31
  EXPECT_NEAR(Result().value, 20.0 / 31, 1e-9);
  Pass({.passed = 0, .failed = 30});
  EXPECT_FALSE(Result().passed);

  Watch(Make("memory", "max<9", MetricKind::kGauge, 4s));
  now_ = 0s;
  for (int i = 0; i < 10; ++i) Pass({.gauge = i < 5 ? 0.0 : i});
  EXPECT_FALSE(Result().passed);
}

TEST_F(ThresholdWatchTest, OneThatFailsEndsTheRunAfterItsDelayAndStaysAsItWasThen) {
  Threshold threshold = Make("checks", "rate>0.9", MetricKind::kRate, {});
  threshold.abort_on_fail = true;
  threshold.delay_abort_eval = 5s;
  Watch(threshold);
  Pass({.passed = 0, .failed = 10}, Phase::kWarmup);
  for (int i = 0; i < 4; ++i) {
    Pass({.passed = 0, .failed = 10});
    ASSERT_EQ(watch_->aborting(), nullptr) << i;
  }
  Pass({.passed = 0, .failed = 10});
  ASSERT_NE(watch_->aborting(), nullptr);
  EXPECT_THAT(watch_->aborting()->detail, HasSubstr("it ended the run at 6.0 s"));
  Pass({.passed = 10'000});  // what still came in
  EXPECT_FALSE(Result().passed);
  EXPECT_EQ(Result().value, 0);
}

TEST_F(ThresholdWatchTest, AWindowThatFailsEndsTheRunButNotOneWithoutData) {
  Threshold threshold = Latency("p(99)<100ms", 3s);
  threshold.abort_on_fail = true;
  Watch(threshold);
  for (int i = 0; i < 5; ++i) Pass({});
  EXPECT_EQ(watch_->aborting(), nullptr);
  Pass({{10ms}});
  EXPECT_EQ(watch_->aborting(), nullptr);
  Pass({{300ms}});
  ASSERT_NE(watch_->aborting(), nullptr);
  EXPECT_FALSE(Result().passed);
  EXPECT_THAT(Result().detail, HasSubstr("in the 3.0 s before 7.0 s; it ended the run at 7.0 s"));
}

}  // namespace
}  // namespace stressbot
