#include "StressBot/report/JsonReport.h"

#include <fmt/format.h>

#include <string>

#include "StressBot/report/JsonConversation.h"
#include "StressBot/report/JsonNames.h"
#include "StressBot/report/JsonSeries.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

Json AliasesJson(const MetricsCatalog& catalog) {
  Json list = Json::array();
  for (const MetricsCatalog::AliasEntry& alias : catalog.aliases()) {
    list.push_back({{"name", ToValidUtf8(alias.name)},
                    {"metric", ToValidUtf8(alias.metric)},
                    {"tags", TagsJson(alias.tags)}});
  }
  return list;
}

/// The interval of the value, which is the slope itself.
Json SlopeJson(const SlopeFit& fit, bool is_time) {
  Json json{{"samples", fit.samples}};
  if (!fit.interval) return json;
  const auto [low, high] = *fit.interval;
  json[is_time ? "low_ms" : "low"] = is_time ? MillisecondsOf(low) : low;
  json[is_time ? "high_ms" : "high"] = is_time ? MillisecondsOf(high) : high;
  return json;
}

Json ThresholdJson(const ThresholdResult& result) {
  const Threshold& threshold = result.threshold;
  Json json{{"metric", ToValidUtf8(threshold.metric)},
            {"tags", TagsJson(threshold.tags)},
            {"kind", NameOf(threshold.kind)},
            {"expression", ToValidUtf8(threshold.expression)},
            {"default", threshold.is_default},
            {"passed", result.passed},
            {"has_data", result.has_data},
            {"lower_bound", result.is_lower_bound}};
  if (threshold.window)
    json["window_ms"] = MillisecondsOf(static_cast<double>(threshold.window->count()));
  if (threshold.abort_on_fail) json["abort_on_fail"] = true;
  const bool is_time = threshold.InNanoseconds();
  json[is_time ? "limit_ms" : "limit"] =
      is_time ? MillisecondsOf(threshold.limit) : threshold.limit;
  if (result.has_data) {
    json[is_time ? "value_ms" : "value"] = is_time ? MillisecondsOf(result.value) : result.value;
  }
  if (result.slope) json["slope"] = SlopeJson(*result.slope, is_time);
  json["text"] = ToValidUtf8(result.text);
  json["detail"] = ToValidUtf8(result.detail);
  return json;
}

Json OptionsJson(const RunResult& result) {
  Json list = Json::array();
  for (const auto& [name, value] : result.options) {
    list.push_back({{"name", ToValidUtf8(name)}, {"value", ToValidUtf8(value)}});
  }
  return list;
}

Json LinesJson(const std::vector<std::string>& lines) {
  Json json = Json::array();
  for (const std::string& line : lines) json.push_back(ToValidUtf8(line));
  return json;
}

Json ServerJson(const ServerReport& server) {
  return {{"name", ToValidUtf8(server.name)},
          {"target", ToValidUtf8(server.target)},
          {"command", ToValidUtf8(server.command)},
          {"pid", server.pid},
          {"watched", server.watched},
          {"alive", server.alive},
          {"ending", ToValidUtf8(server.ending)},
          {"ended_badly", server.ended_badly},
          {"last_lines", LinesJson(server.last_lines)},
          {"stack", ToValidUtf8(fmt::format("{}", fmt::join(server.stack, "\n")))},
          {"last_packets", ToValidUtf8(server.last_packets)},
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
          {"memory_bytes_per_bot", generator.memory_bytes_per_bot},
          {"saturation", LinesJson(generator.saturation)}};
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

constexpr int kLinesToDepth = 2;

/// As dump(2), but everything below the second level on one line: there are many numbers.
void AppendJson(const Json& json, int depth, std::string& out) {
  if (depth == kLinesToDepth || !json.is_structured() || json.empty()) {
    out += json.dump();
    return;
  }
  const std::string indent(2 * (static_cast<std::size_t>(depth) + 1), ' ');
  bool is_first = true;
  out += json.is_object() ? "{" : "[";
  for (const auto& [key, value] : json.items()) {
    out += (is_first ? "\n" : ",\n") + indent;
    if (json.is_object()) out += Json(key).dump() + ": ";
    AppendJson(value, depth + 1, out);
    is_first = false;
  }
  out += "\n" + indent.substr(2) + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string WriteJson(const RunResult& result) {
  std::string text;
  AppendJson(ToJson(result), 0, text);
  return text + "\n";
}

nlohmann::ordered_json ToJson(const RunResult& result) {
  Json json{{"schema", kRunSchema},
            {"tool_version", ToValidUtf8(result.tool_version)},
            {"scenario",
             {{"name", ToValidUtf8(result.scenario)},
              {"file", ToValidUtf8(result.scenario_file)},
              {"hash", ToValidUtf8(result.scenario_hash)},
              {"description", ToValidUtf8(result.description)}}},
            {"started_at", ToValidUtf8(result.started_at)},
            {"seed", result.seed},
            {"bots_max", result.bots_max},
            {"duration_s", SecondsOf(result.duration)},
            {"planned_s", SecondsOf(result.planned_duration)},
            {"warmup_s", SecondsOf(result.warmup)},
            {"changed_by_hand", result.changed_by_hand},
            {"options", OptionsJson(result)},
            {"machine",
             {{"cores", result.machine.cores}, {"system", ToValidUtf8(result.machine.system)}}},
            {"verdict", VerdictJson(result.verdict)}};
  json["thresholds"] = Json::array();
  for (const auto& threshold : result.thresholds)
    json["thresholds"].push_back(ThresholdJson(threshold));
  json["servers"] = Json::array();
  for (const ServerReport& server : result.servers) json["servers"].push_back(ServerJson(server));
  json["generator"] = GeneratorJson(result.generator);
  json["events"] = Json::array();
  for (const RunEvent& event : result.events) {
    json["events"].push_back({{"at_s", SecondsOf(event.at)}, {"text", ToValidUtf8(event.text)}});
    if (event.bots) json["events"].back()["bots"] = *event.bots;
    if (event.excused_until) {
      json["events"].back()["excused_until_s"] = SecondsOf(*event.excused_until);
    }
  }
  json["pauses"] = Json::array();
  for (const LoadPause& pause : result.pauses)
    json["pauses"].push_back({{"from_s", SecondsOf(pause.from)}, {"to_s", SecondsOf(pause.to)}});
  json["first_failures"] = Json::array();
  for (const FirstFailure& failure : result.first_failures) {
    Json entry{{"metric", ToValidUtf8(failure.metric)},
               {"at_s", SecondsOf(failure.at)},
               {"text", ToValidUtf8(failure.text)}};
    if (!failure.conversation.empty())
      entry["conversation"] = ConversationJson(failure.conversation);
    json["first_failures"].push_back(std::move(entry));
  }
  if (result.metrics == nullptr) return json;
  json["measured_s"] = SecondsOf(result.metrics->measured_time());
  json["whole_s"] = SecondsOf(result.metrics->whole_time());
  json["aliases"] = AliasesJson(result.metrics->catalog());
  json["timeline"] = TimelineJson(result.metrics->timeline());
  json["series"] = SeriesJson(*result.metrics);
  return json;
}

}  // namespace stressbot
