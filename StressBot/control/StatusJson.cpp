#include "StressBot/control/StatusJson.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace stressbot {

namespace {

using Json = nlohmann::ordered_json;

std::string Text(const Json& json) {
  // What is no UTF-8 (of a request's body, in an error) must not throw.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// To three decimals: more is noise to a reader.
double Rounded(double value) { return std::round(value * 1'000) / 1'000; }

double Seconds(std::chrono::nanoseconds time) {
  return Rounded(std::chrono::duration<double>(time).count());
}

double Milliseconds(std::int64_t ns) { return Rounded(static_cast<double>(ns) / 1e6); }

Json GroupJson(const GroupStatus& group) {
  Json json{{"name", group.name}};
  if (group.is_open) {
    json["rate_wanted"] = Rounded(group.target);
  } else {
    json["bots_wanted"] = static_cast<std::uint32_t>(group.target);
  }
  json["bots_max"] = group.bots_max;
  for (std::size_t i = 0; i < kBotStateNames.size(); ++i)
    json["bots"][std::string(kBotStateNames[i])] = group.bots_in[i];
  return json;
}

Json FiguresJson(const RunFigures& figures) {
  return {{"from_s", Seconds(figures.from)},
          {"to_s", Seconds(figures.to)},
          {"requests_per_s", Rounded(figures.requests_per_s)},
          {"failures_per_s", Rounded(figures.failures_per_s)},
          {"packets_sent_per_s", Rounded(figures.packets_sent_per_s)},
          {"packets_received_per_s", Rounded(figures.packets_received_per_s)},
          {"bytes_sent_per_s", Rounded(figures.bytes_sent_per_s)},
          {"bytes_received_per_s", Rounded(figures.bytes_received_per_s)},
          {"request_duration",
           {{"p50_ms", Milliseconds(figures.p50_ns)},
            {"p95_ms", Milliseconds(figures.p95_ns)},
            {"p99_ms", Milliseconds(figures.p99_ns)},
            {"max_ms", Milliseconds(figures.max_ns)},
            {"p99_is_lower_bound", figures.p99_is_lower_bound}}}};
}

}  // namespace

std::string StatusJson(const RunStatus& status) {
  Json json{{"scenario", status.scenario},
            {"state", std::string(kRunStateNames[static_cast<std::size_t>(status.state)])},
            {"elapsed_s", Seconds(status.elapsed)},
            {"load_s", Seconds(status.load_time)},
            {"planned_s", Seconds(status.planned)},
            {"warmup", status.phase == Phase::kWarmup},
            {"changed_by_hand", status.changed},
            {"groups", Json::array()},
            {"newest", FiguresJson(status.newest)}};
  for (const GroupStatus& group : status.groups) json["groups"].push_back(GroupJson(group));
  return Text(json);
}

std::string AnswerJson(const ControlAnswer& answer) {
  if (!answer.done()) return ErrorJson(answer.text);
  return Text({{"at_s", Seconds(answer.at)}, {"done", answer.text}});
}

std::string ErrorJson(const std::string& sentence) { return Text({{"error", sentence}}); }

}  // namespace stressbot
