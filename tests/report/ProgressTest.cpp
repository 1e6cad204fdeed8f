#include "StressBot/report/Progress.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;

TEST(ProgressTest, TellsTheSecondInOneLine) {
  MetricsCatalog catalog;
  const GaugeId running = catalog.Gauge("bots", {{"group", "a"}, {"state", "running"}});
  const GaugeId connecting = catalog.Gauge("bots", {{"group", "a"}, {"state", "connecting"}});
  catalog.Gauge("bots", {{"group", "a"}, {"state", "away"}});
  const GaugeId others = catalog.Gauge("bots", {{"group", "b"}, {"state", "running"}});
  const CounterId requests = catalog.Counter("requests", {});
  const CounterId out = catalog.Counter("packets_sent", {});
  const TrendId latency = catalog.Trend("request_duration", {});
  const RateId checks = catalog.Rate("checks", {});
  RunMetrics metrics(catalog);
  MetricsInterval interval{11s, 13s, Phase::kLoad, MetricsFrame(catalog)};
  interval.frame.Set(running, 900);
  interval.frame.Set(connecting, 20);
  interval.frame.Set(others, 80);
  interval.frame.Add(requests, 2'004);
  interval.frame.Add(out, 2'088);
  interval.frame.Record(latency, 12'400'000);
  interval.frame.Count(checks, false, 4);
  metrics.Add(interval);
  EXPECT_EQ(FormatProgress(interval, metrics, 30s),
            "13.0 s / 30.0 s   bots 1,000 (980 running, 20 connecting)   requests 1,002/s   "
            "p99 12.4 ms   failures 4   out 1,044/s   in 0/s");
}

TEST(ProgressTest, CopesWithMetricsThatAreMissing) {
  const MetricsCatalog catalog;
  const RunMetrics metrics(catalog);
  const MetricsInterval interval{0s, 1s, Phase::kWarmup, MetricsFrame(catalog)};
  EXPECT_EQ(FormatProgress(interval, metrics, 0s),
            "1.0 s warm-up   bots 0   requests 0/s   p99 -   failures 0   out 0/s   in 0/s");
}

}  // namespace
}  // namespace stressbot
