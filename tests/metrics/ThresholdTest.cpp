#include "StressBot/metrics/Threshold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::optional<Threshold> Parse(MetricKind kind, std::string_view expression, std::string& error) {
  return ParseThreshold({"m", {}}, kind, expression, error);
}

Threshold Parsed(MetricKind kind, std::string_view expression) {
  std::string error;
  const std::optional<Threshold> threshold = Parse(kind, expression, error);
  EXPECT_TRUE(threshold) << expression << ": " << error;
  return threshold.value_or(Threshold{});
}

std::string ErrorOf(MetricKind kind, std::string_view expression) {
  std::string error;
  EXPECT_FALSE(Parse(kind, expression, error)) << expression;
  return error;
}

TEST(MetricSelectorTest, ReadsNamesAndTags) {
  std::string error;
  const auto plain = ParseMetricSelector(" checks ", error);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->metric, "checks");
  const auto tagged = ParseMetricSelector("request_duration{step:move, group: players}", error);
  ASSERT_TRUE(tagged);
  EXPECT_EQ(tagged->metric, "request_duration");
  EXPECT_EQ(tagged->tags, (Tags{{"step", "move"}, {"group", "players"}}));
}

TEST(MetricSelectorTest, RefusesWhatItCannotRead) {
  for (const std::string_view text :
       {"", "{step:a}", "checks{step:a", "checks{step}", "checks{:a}"}) {
    std::string error;
    EXPECT_FALSE(ParseMetricSelector(text, error)) << text;
    EXPECT_TRUE(error.ends_with('.')) << error;
  }
}

TEST(ThresholdTest, ReadsEveryAggregatorOfEachKind) {
  for (const auto* text : {"min<1", "avg<1", "med<1", "p(99.9)<1", "max<1", "count>1"}) {
    Parsed(MetricKind::kTrend, text);
  }
  for (const auto* text : {"count==0", "rate>=5"}) Parsed(MetricKind::kCounter, text);
  for (const auto* text : {"rate>0.995", "count<3"}) Parsed(MetricKind::kRate, text);
  for (const auto* text : {"value!=0", "min>1", "max<=9", "slope<1.5"}) {
    Parsed(MetricKind::kGauge, text);
  }
  const Threshold p = Parsed(MetricKind::kTrend, " p( 99.9 ) <= 50 ms ");
  EXPECT_DOUBLE_EQ(p.percent, 99.9);
  EXPECT_EQ(p.comparison, Threshold::Comparison::kLessEqual);
  EXPECT_EQ(p.expression, "p( 99.9 ) <= 50 ms");
}

TEST(ThresholdTest, LimitsOfTrendsAreDurations) {
  const auto limit = [](std::string_view text) { return Parsed(MetricKind::kTrend, text).limit; };
  EXPECT_DOUBLE_EQ(limit("p(99)<50"), 50e6);
  EXPECT_DOUBLE_EQ(limit("p(99)<50ns"), 50);
  EXPECT_DOUBLE_EQ(limit("p(99)<50us"), 50e3);
  EXPECT_DOUBLE_EQ(limit("p(99)<50µs"), 50e3);
  EXPECT_DOUBLE_EQ(limit("p(99)<0.5ms"), 0.5e6);
  EXPECT_DOUBLE_EQ(limit("max<2s"), 2e9);
  EXPECT_DOUBLE_EQ(limit("max<1m"), 60e9);
  EXPECT_DOUBLE_EQ(limit("max<1h"), 3600e9);
  EXPECT_DOUBLE_EQ(limit("count>1000"), 1000);
}

TEST(ThresholdTest, ErrorsSayWhatToWrite) {
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "p99<50ms"), HasSubstr("Write p(99)."));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "p(101)<50ms"), HasSubstr("from 0 to 100"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "agv<50ms"), HasSubstr("Did you mean \"avg\"?"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "p(99)<50sec"), HasSubstr("ns, us, ms, s, m or h"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "p(99)<"), HasSubstr("is no number"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "p(99)=50ms"), HasSubstr("compares nothing"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, ""), HasSubstr("compares nothing"));
  EXPECT_THAT(ErrorOf(MetricKind::kRate, "rate>99%"), HasSubstr("write 0.99"));
  EXPECT_THAT(ErrorOf(MetricKind::kRate, "rate<5"), HasSubstr("between 0 and 1"));
  EXPECT_THAT(ErrorOf(MetricKind::kRate, "p(99)<5"), HasSubstr("it has rate, count"));
  EXPECT_THAT(ErrorOf(MetricKind::kCounter, "count<5ms"), HasSubstr("plain number"));
}

/// A run of two measured seconds.
class JudgeTest : public testing::Test {
 protected:
  ThresholdResult JudgeIt(std::string_view metric, MetricKind kind, std::string_view expression) {
    std::string error;
    const auto threshold = ParseThreshold({std::string(metric), {}}, kind, expression, error);
    EXPECT_TRUE(threshold) << error;
    return Judge(threshold.value_or(Threshold{}), Finished());
  }
  RunMetrics Finished() {
    RunMetrics metrics(catalog_);
    MetricsInterval quiet{1s, 2s, Phase::kLoad, MetricsFrame(catalog_)};
    quiet.frame.Set(memory_, 130);
    metrics.Add({0s, 1s, Phase::kLoad, std::exchange(frame_, MetricsFrame(catalog_))});
    metrics.Add(quiet);
    return metrics;
  }

  MetricsCatalog catalog_;
  TrendId latency_ = catalog_.Trend("latency", {});
  CounterId sent_ = catalog_.Counter("sent", {});
  RateId checks_ = catalog_.Rate("checks", {});
  GaugeId memory_ = catalog_.Gauge("memory", {});
  MetricsFrame frame_{catalog_};
};

TEST_F(JudgeTest, ATrendBelowItsLimitPasses) {
  frame_.Record(latency_, 12'400'000);
  const ThresholdResult result = JudgeIt("latency", MetricKind::kTrend, "p(99)<50ms");
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.text, "12.4 ms");
  EXPECT_DOUBLE_EQ(result.value, 12'400'000);
}

TEST_F(JudgeTest, ATrendAboveItsLimitFails) {
  frame_.Record(latency_, 51'000'000);
  EXPECT_FALSE(JudgeIt("latency", MetricKind::kTrend, "p(99)<50ms").passed);
}

TEST_F(JudgeTest, ALowerBoundCannotProveThatSomethingIsFast) {
  frame_.RecordAtLeast(latency_, 5'000'000'000);
  const ThresholdResult fast = JudgeIt("latency", MetricKind::kTrend, "p(99)<6s");
  EXPECT_FALSE(fast.passed);
  EXPECT_TRUE(fast.is_lower_bound);
  EXPECT_THAT(fast.detail, HasSubstr("time-outs"));
}

TEST_F(JudgeTest, ALowerBoundProvesThatSomethingIsSlow) {
  frame_.RecordAtLeast(latency_, 5'000'000'000);
  EXPECT_TRUE(JudgeIt("latency", MetricKind::kTrend, "max>4s").passed);
}

TEST_F(JudgeTest, TrendsAndRatesWithoutSamplesFail) {
  for (const ThresholdResult& result : {JudgeIt("latency", MetricKind::kTrend, "p(99)<50ms"),
                                        JudgeIt("checks", MetricKind::kRate, "rate==1"),
                                        JudgeIt("absent", MetricKind::kRate, "rate==0")}) {
    EXPECT_FALSE(result.passed);
    EXPECT_FALSE(result.has_data);
    EXPECT_EQ(result.text, "no data");
  }
}

TEST_F(JudgeTest, ADefaultWithoutSamplesPasses) {
  for (const Threshold& threshold : DefaultThresholds()) {
    if (threshold.kind != MetricKind::kRate) continue;  // counters have always something to say
    const ThresholdResult result = Judge(threshold, Finished());
    EXPECT_TRUE(result.passed) << threshold.metric;
    EXPECT_EQ(result.text, "no data");
  }
}

TEST_F(JudgeTest, ARateIsExactAndShowsItsCounts) {
  frame_.Count(checks_, true, 2'407);
  frame_.Count(checks_, false);
  const ThresholdResult result = JudgeIt("checks", MetricKind::kRate, "rate==1");
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.text, "0.9996");
  EXPECT_EQ(result.detail, "2,407 of 2,408");
}

TEST_F(JudgeTest, CountersCountOrTellTheirRateASecond) {
  frame_.Add(sent_, 30);
  EXPECT_TRUE(JudgeIt("sent", MetricKind::kCounter, "count==30").passed);
  frame_ = MetricsFrame(catalog_);
  frame_.Add(sent_, 30);
  const ThresholdResult rate = JudgeIt("sent", MetricKind::kCounter, "rate>=15");
  EXPECT_TRUE(rate.passed);
  EXPECT_EQ(rate.text, "15/s");
}

TEST_F(JudgeTest, ACounterThatNeverCountedIsZero) {
  EXPECT_TRUE(JudgeIt("sent", MetricKind::kCounter, "count==0").passed);
}

TEST_F(JudgeTest, GaugesHaveAValueExtremesAndASlopeAMinute) {
  const auto value = [this](std::string_view expression) {
    frame_ = MetricsFrame(catalog_);
    frame_.Set(memory_, 100);
    return JudgeIt("memory", MetricKind::kGauge, expression).value;
  };
  EXPECT_DOUBLE_EQ(value("value>0"), 130);
  EXPECT_DOUBLE_EQ(value("min>0"), 100);
  EXPECT_DOUBLE_EQ(value("max>0"), 130);
  EXPECT_NEAR(value("slope>0"), 30 * 60, 1e-6);
}

TEST(DefaultThresholdsTest, ThoseOnMetricsThatTheRunDoesNotHaveAreLeftOut) {
  MetricsCatalog catalog;
  catalog.Counter("bots_dropped", {});
  catalog.Rate("load_delivered", {});
  const RunMetrics metrics(catalog);
  const std::vector<ThresholdResult> results = JudgeAll(DefaultThresholds(), metrics);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].threshold.metric, "bots_dropped");
  EXPECT_TRUE(results[0].passed);
  EXPECT_EQ(results[1].threshold.metric, "load_delivered");
  EXPECT_EQ(results[1].text, "no data");
}

}  // namespace
}  // namespace stressbot
