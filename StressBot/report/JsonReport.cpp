#include "StressBot/report/JsonReport.h"

#include <algorithm>
#include <array>
#include <string>

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kNanosecondsPerMillisecond = 1e6;
constexpr std::array<double, 5> kPercentiles{50, 90, 95, 99, 99.9};
constexpr std::array<const char*, 5> kPercentileNames{"p50", "p90", "p95", "p99", "p99.9"};

double Milliseconds(double ns) { return ns / kNanosecondsPerMillisecond; }
double Milliseconds(std::int64_t ns) { return Milliseconds(static_cast<double>(ns)); }
double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

Json TagsJson(const Tags& tags) {
  Json json = Json::object();
  for (const auto& [name, value] : tags) json[ToValidUtf8(name)] = ToValidUtf8(value);
  return json;
}

/// `lower_bound` names the aggregates that touch time-outs: the true ones are at least as large.
Json TrendJson(const Histogram& trend) {
  Json json{{"count", trend.count()}};
  if (trend.empty()) return json;
  json["min_ms"] = Milliseconds(trend.min_ns());
  json["avg_ms"] = Milliseconds(trend.mean_ns());
  Json lower_bound = Json::array();
  for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
    const std::string name = kPercentileNames[i];
    json[name + "_ms"] = Milliseconds(trend.Percentile(kPercentiles[i]));
    if (trend.IsLowerBound(kPercentiles[i])) lower_bound.push_back(name);
  }
  json["max_ms"] = Milliseconds(trend.max_ns());
  if (trend.IsLowerBound(100)) lower_bound.push_back("max");
  if (trend.lower_bounds() > 0) json["timed_out"] = trend.lower_bounds();
  if (!lower_bound.empty()) json["lower_bound"] = lower_bound;
  return json;
}

Json RateJson(const MetricsFrame::RateCount& rate) {
  Json json{{"passed", rate.passed}, {"total", rate.total}};
  if (rate.total > 0) {
    json["rate"] = static_cast<double>(rate.passed) / static_cast<double>(rate.total);
  }
  return json;
}

Json CounterJson(std::uint64_t count, std::chrono::nanoseconds time) {
  Json json{{"count", count}};
  if (time > std::chrono::nanoseconds::zero()) {
    json["per_second"] = static_cast<double>(count) / Seconds(time);
  }
  return json;
}

Json ValueJson(const MetricsFrame& frame, std::chrono::nanoseconds time, MetricKind kind,
               std::uint32_t index) {
  switch (kind) {
    case MetricKind::kTrend:
      return TrendJson(frame.trend(TrendId{index}));
    case MetricKind::kCounter:
      return CounterJson(frame.counter(CounterId{index}), time);
    case MetricKind::kRate:
      return RateJson(frame.rate(RateId{index}));
    case MetricKind::kGauge:
      break;
  }
  return Json{{"value", frame.gauge(GaugeId{index})}};
}

Json GaugeJson(const RunMetrics& metrics, std::uint32_t index) {
  Json json = ValueJson(metrics.measured(), {}, MetricKind::kGauge, index);
  if (metrics.gauge_points().empty()) return json;
  double least = metrics.gauge_points().front().values[index];
  double most = least;
  for (const RunMetrics::GaugePoint& point : metrics.gauge_points()) {
    least = std::min(least, point.values[index]);
    most = std::max(most, point.values[index]);
  }
  json["min"] = least;
  json["max"] = most;
  return json;
}

Json SeriesJson(const RunMetrics& metrics) {
  constexpr std::array kKinds{MetricKind::kTrend, MetricKind::kCounter, MetricKind::kRate,
                              MetricKind::kGauge};
  constexpr std::array kKindNames{"trend", "counter", "rate", "gauge"};
  Json list = Json::array();
  for (const MetricKind kind : kKinds) {
    const std::vector<Series>& all = metrics.catalog().OfKind(kind);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      Json json{{"metric", ToValidUtf8(all[i].metric)},
                {"kind", kKindNames[static_cast<std::size_t>(kind)]},
                {"tags", TagsJson(all[i].tags)}};
      json["measured"] = kind == MetricKind::kGauge
                             ? GaugeJson(metrics, i)
                             : ValueJson(metrics.measured(), metrics.measured_time(), kind, i);
      json["whole"] = ValueJson(metrics.whole(), metrics.whole_time(), kind, i);
      list.push_back(std::move(json));
    }
  }
  return list;
}

Json AliasesJson(const MetricsCatalog& catalog) {
  Json list = Json::array();
  for (const MetricsCatalog::AliasEntry& alias : catalog.aliases()) {
    list.push_back({{"name", ToValidUtf8(alias.name)},
                    {"metric", ToValidUtf8(alias.metric)},
                    {"tags", TagsJson(alias.tags)}});
  }
  return list;
}

Json ThresholdJson(const ThresholdResult& result) {
  const Threshold& threshold = result.threshold;
  Json json{{"metric", ToValidUtf8(threshold.metric)},
            {"tags", TagsJson(threshold.tags)},
            {"expression", ToValidUtf8(threshold.expression)},
            {"default", threshold.is_default},
            {"passed", result.passed},
            {"has_data", result.has_data},
            {"lower_bound", result.is_lower_bound}};
  const bool is_time = threshold.InNanoseconds();
  json[is_time ? "limit_ms" : "limit"] = is_time ? Milliseconds(threshold.limit) : threshold.limit;
  if (result.has_data) {
    json[is_time ? "value_ms" : "value"] = is_time ? Milliseconds(result.value) : result.value;
  }
  json["text"] = ToValidUtf8(result.text);
  json["detail"] = ToValidUtf8(result.detail);
  return json;
}

Json ServerJson(const ServerReport& server) {
  Json lines = Json::array();
  for (const std::string& line : server.last_lines) lines.push_back(ToValidUtf8(line));
  return {{"name", ToValidUtf8(server.name)},
          {"target", ToValidUtf8(server.target)},
          {"command", ToValidUtf8(server.command)},
          {"pid", server.pid},
          {"watched", server.watched},
          {"alive", server.alive},
          {"ending", ToValidUtf8(server.ending)},
          {"last_lines", lines},
          {"cpu_percent", server.cpu_percent},
          {"memory_bytes", server.memory_bytes},
          {"memory_bytes_per_minute", server.memory_bytes_per_minute},
          {"threads", server.threads},
          {"descriptors", server.descriptors}};
}

Json GeneratorJson(const GeneratorReport& generator) {
  return {{"shards", generator.shards},
          {"cpu_percent", generator.cpu_percent},
          {"cpu_percent_max_shard", generator.cpu_percent_max_shard},
          {"memory_bytes", generator.memory_bytes},
          {"memory_bytes_per_bot", generator.memory_bytes_per_bot}};
}

Json VerdictJson(const Verdict& verdict) {
  Json reasons = Json::array();
  for (const VerdictReason& reason : verdict.reasons) {
    reasons.push_back(
        {{"code", static_cast<int>(reason.code)}, {"text", ToValidUtf8(reason.text)}});
  }
  return {{"code", static_cast<int>(verdict.code())},
          {"passed", verdict.passed()},
          {"reasons", reasons}};
}

}  // namespace

nlohmann::ordered_json ToJson(const RunResult& result) {
  Json json{{"schema", "stressbot-run/1"},
            {"tool_version", ToValidUtf8(result.tool_version)},
            {"scenario",
             {{"name", ToValidUtf8(result.scenario)},
              {"file", ToValidUtf8(result.scenario_file)},
              {"description", ToValidUtf8(result.description)}}},
            {"started_at", ToValidUtf8(result.started_at)},
            {"seed", result.seed},
            {"bots_max", result.bots_max},
            {"duration_s", Seconds(result.duration)},
            {"verdict", VerdictJson(result.verdict)}};
  json["thresholds"] = Json::array();
  for (const auto& threshold : result.thresholds)
    json["thresholds"].push_back(ThresholdJson(threshold));
  json["servers"] = Json::array();
  for (const ServerReport& server : result.servers) json["servers"].push_back(ServerJson(server));
  json["generator"] = GeneratorJson(result.generator);
  json["events"] = Json::array();
  for (const RunEvent& event : result.events) {
    json["events"].push_back({{"at_s", Seconds(event.at)}, {"text", ToValidUtf8(event.text)}});
    if (event.bots) json["events"].back()["bots"] = *event.bots;
  }
  json["first_failures"] = Json::array();
  for (const FirstFailure& failure : result.first_failures) {
    json["first_failures"].push_back(
        {{"metric", ToValidUtf8(failure.metric)}, {"text", ToValidUtf8(failure.text)}});
  }
  if (result.metrics == nullptr) return json;
  json["measured_s"] = Seconds(result.metrics->measured_time());
  json["aliases"] = AliasesJson(result.metrics->catalog());
  json["series"] = SeriesJson(*result.metrics);
  return json;
}

}  // namespace stressbot
