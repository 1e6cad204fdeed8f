#include "StressBot/analysis/Figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/SampleRun.h"

namespace stressbot {
namespace {

using testing::ElementsAre;

const Figure& Named(const std::vector<Figure>& figures, std::string_view name) {
  static const Figure kNone;
  for (const Figure& figure : figures) {
    if (figure.name == name) return figure;
  }
  ADD_FAILURE() << "no figure " << name;
  return kNone;
}

TEST(FiguresTest, ARunHasThese) {
  std::vector<std::string> names;
  for (const Figure& figure : FiguresOf(SampleRun().result)) names.push_back(figure.name);
  EXPECT_THAT(
      names,
      ElementsAre("connect p50", "connect p95", "connect p99", "chat_rtt p50", "chat_rtt p95",
                  "chat_rtt p99", "checks failed: success in C_LOGIN", "connects failed",
                  "bots dropped", "load not delivered", "server CPU", "server memory"));
}

TEST(FiguresTest, ValuesAreThoseOfTheMeasuredPart) {
  const std::vector<Figure> figures = FiguresOf(SampleRun().result);
  EXPECT_NEAR(Named(figures, "chat_rtt p99").value, 12.4e6, 12.4e3);
  EXPECT_EQ(Named(figures, "chat_rtt p99").floor, 100e3);
  EXPECT_FALSE(Named(figures, "chat_rtt p99").is_lower_bound);
  EXPECT_EQ(Named(figures, "bots dropped").value, 3);
  EXPECT_EQ(Named(figures, "bots dropped").floor, 3 * std::sqrt(3.0));
  EXPECT_EQ(Named(figures, "connects failed").floor, 3 / 1'204.0);
  EXPECT_EQ(Named(figures, "load not delivered").value, 6 / 30'000.0);
  EXPECT_EQ(Named(figures, "load not delivered").floor, 0.005);
  EXPECT_EQ(Named(figures, "server CPU").value, 41);
  EXPECT_EQ(Named(figures, "server memory").value, 38e6);
}

/// Of `count` answers of 1 ms, and of more that failed.
std::vector<Figure> OfAnswers(std::uint64_t count, std::uint64_t failed) {
  MetricsCatalog catalog;
  const TrendId chat = catalog.Trend("request_duration", {{"step", "chat"}});
  const RateId ok = catalog.Rate("requests_failed", {{"step", "chat"}});
  const RateId late = catalog.Rate("requests_failed", {{"step", "chat"}, {"reason", "timeout"}});
  MetricsFrame frame(catalog);
  for (std::uint64_t i = 0; i < count; ++i) frame.Record(chat, 1'000'000);
  for (std::uint64_t i = 0; i < failed; ++i) frame.RecordAtLeast(chat, 5'000'000'000);
  frame.Count(ok, false, count);
  frame.Count(late, true, failed);
  RunMetrics metrics(catalog);
  metrics.Add({std::chrono::seconds(0), std::chrono::seconds(10), Phase::kLoad, std::move(frame)});
  RunResult run;
  run.metrics = &metrics;
  return FiguresOf(run);
}

TEST(FiguresTest, APercentileNeedsTenSamplesBeyondIt) {
  const auto percentiles = [](std::uint64_t count) {
    std::vector<std::string> names;
    for (const Figure& figure : OfAnswers(count, 0)) {
      if (figure.unit == FigureUnit::kNanoseconds) names.push_back(figure.name);
    }
    return names;
  };
  EXPECT_THAT(percentiles(19), ElementsAre());
  EXPECT_THAT(percentiles(20), ElementsAre("chat p50"));
  EXPECT_THAT(percentiles(199), ElementsAre("chat p50"));
  EXPECT_THAT(percentiles(200), ElementsAre("chat p50", "chat p95"));
  EXPECT_THAT(percentiles(1'000), ElementsAre("chat p50", "chat p95", "chat p99"));
}

TEST(FiguresTest, FailuresOfAllReasonsAreOneShareAndAnswersARate) {
  const std::vector<Figure> figures = OfAnswers(980, 20);
  EXPECT_EQ(Named(figures, "requests failed: chat").value, 0.02);
  EXPECT_EQ(Named(figures, "requests failed: chat").floor, 3 * std::sqrt(20.0) / 1'000);
  EXPECT_EQ(Named(figures, "requests answered").value, 98);
  EXPECT_TRUE(Named(figures, "requests answered").higher_is_better);
  EXPECT_TRUE(Named(figures, "chat p99").is_lower_bound);
  EXPECT_FALSE(Named(figures, "chat p95").is_lower_bound);
}

TEST(FiguresTest, ARunThatCouldNotBeginHasNone) { EXPECT_TRUE(FiguresOf(RunResult()).empty()); }

}  // namespace
}  // namespace stressbot
