#pragma once
#include <vector>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A run of 10 s whose server stands still from second 3 to 6, and replies late in the seventh.
class StuckRun {
 public:
  /// What bots and server did in one second.
  struct Second {
    std::uint64_t replies = 20;
    std::int64_t latency_ns = 2'000'000;
    double waiting = 0;  ///< at its end, of 20 active bots
    double server_cpu = 8;
    std::uint64_t timeouts = 0;
  };
  static std::vector<Second> StoodStill() {
    std::vector<Second> seconds(10);
    for (const std::size_t i : {3U, 4U, 5U}) seconds[i] = {0, 0, 18, 0};
    seconds[6].latency_ns = 3'500'000'000;
    return seconds;
  }

  explicit StuckRun(const std::vector<Second>& seconds = StoodStill()) {
    using namespace std::chrono_literals;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      const Second& second = seconds[i];
      const auto from = i * 1s;
      MetricsInterval interval{from, from + 1s, Phase::kLoad, MetricsFrame(catalog)};
      for (std::uint64_t n = 0; n < second.replies; ++n)
        interval.frame.Record(duration_, second.latency_ns);
      for (std::uint64_t n = 0; n < second.timeouts; ++n)
        interval.frame.RecordAtLeast(duration_, 5'000'000'000);
      interval.frame.Count(ended_, false, second.replies);
      interval.frame.Count(timed_out_, true, second.timeouts);
      interval.frame.Count(load_, true, second.replies);
      interval.frame.Count(load_, false, i == 6 ? 40 : 0);
      interval.frame.Add(omitted_, i == 6 ? 40 : 0);
      interval.frame.Set(waiting_, second.waiting);
      interval.frame.Set(between_, 20 - second.waiting);
      interval.frame.Set(cpu_, second.server_cpu);
      interval.frame.Record(lateness_, 300'000);
      metrics.Add(interval);
    }
    Judge("chat_rtt", MetricKind::kTrend, "p(99)<250ms");
    Judge("load_delivered", MetricKind::kRate, "rate>0.995");
    result.scenario = "town";
    result.started_at = "2026-01-02T23:59:58Z";
    result.bots_max = 20;
    result.duration = result.planned_duration = seconds.size() * 1s;
    result.metrics = &metrics;
    result.verdict.AddThresholds(result.thresholds);
  }
  StuckRun(const StuckRun&) = delete;
  StuckRun& operator=(const StuckRun&) = delete;

  MetricsCatalog catalog;

 private:
  void Judge(const char* metric, MetricKind kind, const char* expression) {
    std::string error;
    result.thresholds.push_back(
        stressbot::Judge(ParseThreshold({metric, {}}, kind, expression, error).value(), metrics));
  }
  static Tags Chat(Tags more = {}) {
    Tags tags{{"group", "players"}, {"step", "chat"}};
    tags.insert(tags.end(), more.begin(), more.end());
    return tags;
  }
  TrendId RegisterChat() {
    catalog.Alias("chat_rtt", "request_duration", {{"step", "chat"}});
    return catalog.Trend("request_duration", Chat());
  }
  TrendId duration_ = RegisterChat();
  RateId ended_ = catalog.Rate("requests_failed", Chat());
  RateId timed_out_ = catalog.Rate("requests_failed", Chat({{"reason", "timeout"}}));
  RateId load_ = catalog.Rate("load_delivered", {{"group", "players"}});
  CounterId omitted_ = catalog.Counter("requests_omitted", Chat());
  GaugeId waiting_ = catalog.Gauge("bots", Chat({{"state", "active"}}));
  GaugeId between_ =
      catalog.Gauge("bots", {{"group", "players"}, {"state", "active"}, {"step", "-"}});
  GaugeId cpu_ = catalog.Gauge("server_cpu", {{"server", "game"}});
  TrendId lateness_ = catalog.Trend("generator_lateness", {{"shard", "0"}});

 public:
  RunMetrics metrics{catalog};
  RunResult result;
};

}  // namespace stressbot
