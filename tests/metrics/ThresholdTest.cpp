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
  for (const auto* text : {"value!=0", "min>1", "max<=9", "slope<1.5/h"}) {
    Parsed(MetricKind::kGauge, text);
  }
  for (const auto* text : {"slope(p(99))<1ms/h", "slope(med)<1/h", "slope( max )<=1s/min"}) {
    EXPECT_EQ(Parsed(MetricKind::kTrend, text).aggregator, Threshold::Aggregator::kSlope);
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

TEST(ThresholdTest, LimitsOfMemoryAreBytesAndThoseOfSlopesHaveATime) {
  const auto limit = [](const char* metric, MetricKind kind, std::string_view text) {
    std::string error;
    const auto threshold = ParseThreshold({metric, {}}, kind, text, error);
    EXPECT_TRUE(threshold) << text << ": " << error;
    return threshold ? threshold->limit : 0;
  };
  const auto memory = [&limit](std::string_view text) {
    return limit("server_memory", MetricKind::kGauge, text);
  };
  EXPECT_DOUBLE_EQ(memory("max<500MB"), 500e6);
  EXPECT_DOUBLE_EQ(memory("max<1GiB"), 1024.0 * 1024 * 1024);
  EXPECT_DOUBLE_EQ(memory("max<5000"), 5'000);
  EXPECT_DOUBLE_EQ(memory("slope<1MB/h"), 1e6);
  EXPECT_DOUBLE_EQ(memory("slope < 10 kB / min"), 600e3);
  EXPECT_DOUBLE_EQ(memory("slope<2B/s"), 7'200);
  EXPECT_DOUBLE_EQ(limit("server_handles", MetricKind::kGauge, "slope<=10/h"), 10);
  EXPECT_DOUBLE_EQ(limit("request_duration", MetricKind::kTrend, "slope(p(99))<5/h"), 5e6);
}

TEST(ThresholdTest, ErrorsSayWhatToWrite) {
  EXPECT_THAT(ErrorOf(MetricKind::kGauge, "slope<10"), HasSubstr("in which time"));
  EXPECT_THAT(ErrorOf(MetricKind::kGauge, "slope<10/day"), HasSubstr("s, min or h"));
  EXPECT_THAT(ErrorOf(MetricKind::kGauge, "slope<1MB/h"), HasSubstr("plain number"));
  EXPECT_THAT(ErrorOf(MetricKind::kGauge, "slope==0/h"), HasSubstr("can never be known"));
  EXPECT_THAT(ErrorOf(MetricKind::kGauge, "slop<0/h"), HasSubstr("Did you mean \"slope\"?"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "slope(p(90))<5ms/h"), HasSubstr("write slope(p(99))"));
  EXPECT_THAT(ErrorOf(MetricKind::kTrend, "slope<5ms/h"), HasSubstr("slope(p(N))"));
  std::string error;
  EXPECT_FALSE(ParseThreshold({"server_memory", {}}, MetricKind::kGauge, "max<5Mb", error));
  EXPECT_THAT(error, HasSubstr("use B, kB, MB"));
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

TEST_F(JudgeTest, GaugesHaveAValueAndExtremes) {
  const auto value = [this](std::string_view expression) {
    frame_ = MetricsFrame(catalog_);
    frame_.Set(memory_, 100);
    return JudgeIt("memory", MetricKind::kGauge, expression).value;
  };
  EXPECT_DOUBLE_EQ(value("value>0"), 130);
  EXPECT_DOUBLE_EQ(value("min>0"), 100);
  EXPECT_DOUBLE_EQ(value("max>0"), 130);
}

/// A soak of so many seconds, with warm-up before it: the server's memory and a latency.
class SlopeTest : public testing::Test {
 protected:
  void Soak(int seconds, double bytes_a_second, std::int64_t ns_a_second) {
    constexpr int kWarmup = 20;
    for (int i = 0; i < kWarmup + seconds; ++i) {
      MetricsInterval interval{std::chrono::seconds(i), std::chrono::seconds(i + 1),
                               i < kWarmup ? Phase::kWarmup : Phase::kLoad, MetricsFrame(catalog_)};
      const int measured = std::max(0, i - kWarmup);
      // What grows while it warms up is not what grows.
      const double warming = 1e6 * std::min(i, kWarmup);
      interval.frame.Set(memory_, 50e6 + warming + bytes_a_second * measured);
      interval.frame.Record(latency_, 10'000'000 + ns_a_second * measured);
      metrics_.Add(interval);
    }
  }
  ThresholdResult JudgeIt(const char* metric, MetricKind kind, std::string_view expression) {
    std::string error;
    return Judge(ParseThreshold({metric, {}}, kind, expression, error).value(), metrics_);
  }
  ThresholdResult Memory(std::string_view expression) {
    return JudgeIt("server_memory", MetricKind::kGauge, expression);
  }

  MetricsCatalog catalog_;
  TrendId latency_ = catalog_.Trend("request_duration", {});
  GaugeId memory_ = catalog_.Gauge("server_memory", {});
  RunMetrics metrics_{catalog_};
};

TEST_F(SlopeTest, WhatGrowsForCertainFailsAndSaysHowFast) {
  Soak(60, 1'000, 0);  // 3.6 MB/h
  const ThresholdResult result = Memory("slope<1MB/h");
  EXPECT_FALSE(result.passed);
  EXPECT_TRUE(result.has_data);
  EXPECT_NEAR(result.value, 3.6e6, 1);
  EXPECT_EQ(result.text, "+3.6 MB/h");
  EXPECT_EQ(result.detail, "99 % sure: +3.6 MB/h to +3.6 MB/h, 60 samples");
  EXPECT_TRUE(Memory("slope<4MB/h").passed);
  EXPECT_TRUE(Memory("slope>3MB/h").passed);
  EXPECT_FALSE(Memory("slope>4MB/h").passed);
}

TEST_F(SlopeTest, WhatGrewInTheWarmupOnlyPasses) {
  Soak(60, 0, 0);
  const ThresholdResult result = Memory("slope<1kB/h");
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.text, "+0 B/h");
}

TEST_F(SlopeTest, TooFewSamplesAreNotJudgedAndFailNothing) {
  Soak(29, 1e6, 0);
  const ThresholdResult result = Memory("slope<1MB/h");
  EXPECT_TRUE(result.not_judged());
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.text, "not judged");
  EXPECT_EQ(result.detail, "29 samples, one a second; a slope needs 30");
}

TEST_F(SlopeTest, LatenciesHaveSlopesToo) {
  Soak(100, 0, 100'000);  // 360 ms/h
  const auto slope = [this](std::string_view expression) {
    return JudgeIt("request_duration", MetricKind::kTrend, expression);
  };
  EXPECT_FALSE(slope("slope(p(99))<300ms/h").passed);
  EXPECT_TRUE(slope("slope(p(99))<400ms/h").passed);
  EXPECT_EQ(slope("slope(max)<300ms/h").text, "+360 ms/h");
}

TEST_F(SlopeTest, OneHandleOrThreadMoreNowAndThenIsFound) {
  const GaugeId handles = catalog_.Gauge("server_handles", {});
  const GaugeId threads = catalog_.Gauge("server_threads", {});
  RunMetrics metrics(catalog_);
  for (int i = 0; i < 120; ++i) {
    MetricsInterval interval{std::chrono::seconds(i), std::chrono::seconds(i + 1), Phase::kLoad,
                             MetricsFrame(catalog_)};
    interval.frame.Set(handles, 60.0 + i / 5 + i % 3);  // and as many clients come and go
    interval.frame.Set(threads, 4.0 + i / 10);
    metrics.Add(interval);
  }
  const auto slope = [&metrics](const char* metric, std::string_view expression) {
    std::string error;
    return Judge(ParseThreshold({metric, {}}, MetricKind::kGauge, expression, error).value(),
                 metrics);
  };
  EXPECT_FALSE(slope("server_handles", "slope<600/h").passed);
  EXPECT_TRUE(slope("server_handles", "slope<800/h").passed);
  EXPECT_FALSE(slope("server_threads", "slope<300/h").passed);
  EXPECT_TRUE(slope("server_threads", "slope<400/h").passed);
}

TEST_F(SlopeTest, ATailThatGrowsIsFoundThoughTheMedianStays) {
  for (int i = 0; i < 60; ++i) {
    MetricsInterval interval{std::chrono::seconds(i), std::chrono::seconds(i + 1), Phase::kLoad,
                             MetricsFrame(catalog_)};
    for (int n = 0; n < 98; ++n) interval.frame.Record(latency_, 1'000'000);
    for (int n = 0; n < 2; ++n) interval.frame.Record(latency_, 5'000'000 + 100'000 * i);
    metrics_.Add(interval);
  }
  EXPECT_FALSE(JudgeIt("request_duration", MetricKind::kTrend, "slope(p(99))<300ms/h").passed);
  EXPECT_TRUE(JudgeIt("request_duration", MetricKind::kTrend, "slope(med)<1ms/h").passed);
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
