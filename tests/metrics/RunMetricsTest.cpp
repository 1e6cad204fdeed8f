#include "StressBot/metrics/RunMetrics.h"

#include <gtest/gtest.h>

#include "StressBot/metrics/GaugeCurve.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

TEST(MetricsCatalogTest, TheSameMetricAndTagsGiveTheSameId) {
  MetricsCatalog catalog;
  const CounterId a = catalog.Counter("requests", {{"group", "players"}, {"step", "chat"}});
  const CounterId b = catalog.Counter("requests", {{"group", "players"}, {"step", "move"}});
  const CounterId again = catalog.Counter("requests", {{"step", "chat"}, {"group", "players"}});
  EXPECT_EQ(again.index, a.index);
  EXPECT_EQ(b.index, a.index + 1);
  EXPECT_EQ(catalog.Trend("request_duration", {}).index, 0U);
}

TEST(MetricsCatalogTest, AnAliasThatIsToldTwiceIsKeptOnce) {
  MetricsCatalog catalog;
  for (int group = 0; group < 2; ++group) {
    catalog.Alias("chat_rtt", "request_duration", {{"step", "chat"}});
  }
  EXPECT_EQ(catalog.aliases().size(), 1U);
}

/// Two groups that chat, one that moves; "chat_rtt" stands for the chats of both.
struct World {
  World() {
    catalog.Alias("chat_rtt", "request_duration", {{"step", "chat"}, {"group", "a"}});
    catalog.Alias("chat_rtt", "request_duration", {{"step", "chat"}, {"group", "b"}});
  }
  MetricsCatalog catalog;
  TrendId chat_a = catalog.Trend("request_duration", {{"group", "a"}, {"step", "chat"}});
  TrendId chat_b = catalog.Trend("request_duration", {{"group", "b"}, {"step", "chat"}});
  TrendId move_a = catalog.Trend("request_duration", {{"group", "a"}, {"step", "move"}});
  CounterId sent = catalog.Counter("packets_sent", {});
  RateId checks = catalog.Rate("checks", {{"step", "chat"}});
  GaugeId running = catalog.Gauge("bots", {{"state", "run"}});
  GaugeId waiting = catalog.Gauge("bots", {{"state", "wait"}});
};

TEST(SelectTest, MergesTheSeriesThatHaveAllTags) {
  const World world;
  MetricsFrame frame(world.catalog);
  frame.Record(world.chat_a, 1);
  frame.Record(world.chat_b, 2);
  frame.Record(world.move_a, 3);
  const auto count = [&](std::string_view metric, const Tags& tags) {
    return Select(world.catalog, frame, metric, tags).trend.count();
  };
  EXPECT_EQ(count("request_duration", {}), 3U);
  EXPECT_EQ(count("request_duration", {{"group", "a"}}), 2U);
  EXPECT_EQ(count("request_duration", {{"group", "a"}, {"step", "chat"}}), 1U);
  EXPECT_EQ(count("chat_rtt", {}), 2U);
  EXPECT_EQ(count("chat_rtt", {{"group", "b"}}), 1U);
  EXPECT_EQ(count("request_duration", {{"step", "fly"}}), 0U);
  EXPECT_TRUE(Select(world.catalog, frame, "request_duration", {{"step", "fly"}}).known);
  EXPECT_FALSE(Select(world.catalog, frame, "nothing", {}).known);
}

TEST(MetricsFrameTest, MergeAddsShardsUp) {
  const World world;
  MetricsFrame one(world.catalog);
  MetricsFrame two(world.catalog);
  one.Add(world.sent, 3);
  two.Add(world.sent);
  two.Count(world.checks, true);
  two.Count(world.checks, false, 2);
  one.Set(world.running, 10);
  two.Set(world.running, 5);
  one.Merge(two);
  EXPECT_EQ(one.counter(world.sent), 4U);
  EXPECT_EQ(one.rate(world.checks).passed, 1U);
  EXPECT_EQ(one.rate(world.checks).total, 3U);
  EXPECT_DOUBLE_EQ(one.gauge(world.running), 15);
  one.Clear();
  EXPECT_EQ(one.counter(world.sent), 0U);
  EXPECT_DOUBLE_EQ(one.gauge(world.running), 0);
}

TEST(RunMetricsTest, OnlyTheLoadIsMeasured) {
  const World world;
  RunMetrics metrics(world.catalog);
  const auto add = [&](std::chrono::nanoseconds from, std::chrono::nanoseconds to, Phase phase,
                       double bots) {
    MetricsInterval interval{from, to, phase, MetricsFrame(world.catalog)};
    interval.frame.Add(world.sent, 10);
    interval.frame.Set(world.running, bots);
    metrics.Add(interval);
  };
  add(0s, 500ms, Phase::kWarmup, 1);
  add(500ms, 1s, Phase::kLoad, 2);
  add(1s, 2s, Phase::kLoad, 3);
  add(2s, 3s, Phase::kStop, 0);
  EXPECT_EQ(metrics.whole().counter(world.sent), 40U);
  EXPECT_EQ(metrics.measured().counter(world.sent), 20U);
  EXPECT_EQ(metrics.whole_time(), 3s);
  EXPECT_EQ(metrics.measured_time(), 1500ms);
  EXPECT_DOUBLE_EQ(metrics.whole().gauge(world.running), 0);
  EXPECT_DOUBLE_EQ(metrics.measured().gauge(world.running), 3);
  ASSERT_EQ(metrics.timeline().spans().size(), 4U);
  const GaugeCurve curve = CurveOf(metrics, world.running);
  ASSERT_EQ(curve.points.size(), 2U);
  EXPECT_DOUBLE_EQ(curve.points[1].minute, 2.0 / 60);
  EXPECT_DOUBLE_EQ(curve.points[1].mean, 3);
}

}  // namespace
}  // namespace stressbot
