#pragma once
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A run of 30 s with a bit of everything that reports show: one threshold fails.
class SampleRun {
 public:
  SampleRun();
  SampleRun(const SampleRun&) = delete;
  SampleRun& operator=(const SampleRun&) = delete;

  MetricsCatalog catalog;
  MetricsFrame frame;
  RunMetrics metrics;
  RunResult result;

 private:
  static MetricsFrame MakeFrame(MetricsCatalog& catalog);
  void Describe();
  void JudgeRun();
};

inline SampleRun::SampleRun() : frame(MakeFrame(catalog)), metrics(catalog) {
  using namespace std::chrono_literals;
  metrics.Add({0s, 30s, Phase::kLoad, std::move(frame)});
  Describe();
  JudgeRun();
}

/// Registers every series of the run and fills them.
inline MetricsFrame SampleRun::MakeFrame(MetricsCatalog& catalog) {
  const Tags login{{"group", "players"}, {"step", "C_LOGIN"}};
  const Tags chat{{"group", "players"}, {"step", "chat"}};
  catalog.Alias("chat_rtt", "request_duration", {{"step", "chat"}});
  const TrendId connect = catalog.Trend("connect_duration", {{"server", "game"}});
  catalog.Trend("request_duration", login);
  catalog.Trend("request_service_time", login);
  const TrendId from_due = catalog.Trend("request_duration", chat);
  const TrendId from_sent = catalog.Trend("request_service_time", chat);
  const RateId checks = catalog.Rate("checks", {{"step", "C_LOGIN"}, {"check", "success"}});
  const RateId connects = catalog.Rate("connects_failed", {{"server", "game"}});
  const RateId load = catalog.Rate("load_delivered", {{"group", "players"}});
  const CounterId us = catalog.Counter("sessions_ended", {{"by", "us"}, {"how", "orderly"}});
  const CounterId cut = catalog.Counter("sessions_ended", {{"by", "us"}, {"how", "reset"}});
  const CounterId reset = catalog.Counter("sessions_ended", {{"by", "server"}, {"how", "reset"}});
  const CounterId out = catalog.Counter("packets_sent", {});
  const CounterId in = catalog.Counter("packets_received", {});
  const CounterId data_out = catalog.Counter("data_sent", {});
  const CounterId data_in = catalog.Counter("data_received", {});
  const CounterId dropped = catalog.Counter("bots_dropped", {{"server", "game"}});
  const TrendId lateness = catalog.Trend("generator_lateness", {{"shard", "0"}});
  MetricsFrame frame(catalog);
  for (int i = 0; i < 1'204; ++i) {
    frame.Record(connect, 210'000);
    frame.Record(from_due, 12'400'000);
    frame.Record(from_sent, 12'100'000);
  }
  frame.RecordAtLeast(from_due, 5'000'000'000);
  frame.Count(checks, true, 2'408);
  frame.Count(connects, false, 1'204);
  frame.Count(load, true, 29'994);
  frame.Count(load, false, 6);
  frame.Add(us, 1'000);
  frame.Add(cut, 201);
  frame.Add(reset, 3);
  frame.Add(dropped, 3);
  frame.Add(out, 31'319);
  frame.Add(in, 1'448'300);
  frame.Add(data_out, 1'100'000);
  frame.Add(data_in, 61'000'000);
  frame.Record(lateness, 200'000);
  return frame;
}

inline void SampleRun::Describe() {
  using namespace std::chrono_literals;
  result.scenario = "login_enter_chat";
  result.seed = 42;
  result.bots_max = 1'000;
  result.duration = 30s;
  result.scenario_file = "login.json";
  result.scenario_hash = "fnv1a64:0123456789abcdef";
  result.tool_version = "1.2.3";
  result.description = "players log in and chat";
  result.options = {{"--bots", "1000"}};
  result.planned_duration = 30s;
  result.warmup = 5s;
  result.machine = {4, "Linux 6.1 x86_64"};
  result.started_at = "2026-01-02T03:04:05Z";
  ServerReport server;
  server.name = "game";
  server.target = "127.0.0.1:7777";
  server.command = "build/bin/reference-server --listen 127.0.0.1:7777";
  server.pid = 4711;
  server.watched = true;
  server.alive = true;
  server.cpu_percent = 41;
  server.memory_bytes = 38e6;
  server.memory_bytes_per_minute = 0.1e6;
  server.threads = 4;
  server.descriptors = 1'012;
  result.servers = {server};
  result.generator = {1, 18, 18, 14e6, 1946, {}};
  result.first_failures = {
      {"bots_dropped", 12'400ms, "bot 512 at 12.4 s, reset by server in step chat"}};
  result.pauses = {{20s, 21'500ms}};
  result.events = {{12'400ms, "mark: boss appears"}};
  result.metrics = &metrics;
}

inline void SampleRun::JudgeRun() {
  std::string error;
  const auto judge = [&](const char* metric, MetricKind kind, const char* expression) {
    result.thresholds.push_back(
        Judge(ParseThreshold({metric, {}}, kind, expression, error).value(), metrics));
  };
  judge("chat_rtt", MetricKind::kTrend, "p(99)<50ms");
  judge("checks", MetricKind::kRate, "rate>0.999");
  judge("bots_dropped", MetricKind::kCounter, "count==0");
  result.verdict.AddThresholds(result.thresholds);
}

}  // namespace stressbot
