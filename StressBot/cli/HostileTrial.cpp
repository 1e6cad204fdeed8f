#include "StressBot/cli/HostileTrial.h"

#include <iterator>
#include <memory>
#include <utility>

#include "HostileScenarios.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/system/Environment.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Json = JsonDocument::Json;
using Clock = std::chrono::steady_clock;

/// For connects, pauses and orderly closes, beyond the load's own time.
constexpr auto kHostileEndingMax = 10s;

/// In all steps that can do with any packet.
void UseHello(Json& node, const std::string& packet, const Json& fields) {
  if (node.is_object() && node.contains("hostile") && node["hostile"].is_string()) {
    const std::string kind = node["hostile"].get<std::string>();
    const bool is_answered = kind == "byte-by-byte" || kind == "glued";
    if (!is_answered && kind != "flood") return;
    node["packet"] = packet;
    node["fields"] = fields;
    if (is_answered) node["expect"] = "reply";
  } else if (node.is_structured()) {
    for (Json& child : node) UseHello(child, packet, fields);
  }
}

std::shared_ptr<const Program> WithTimeout(const Program& program,
                                           std::chrono::nanoseconds timeout) {
  auto changed = std::make_shared<Program>(program);
  for (Group& group : changed->groups) {
    for (HostileStep& step : group.flow.hostiles) step.timeout = timeout;
  }
  return changed;
}

HostileOutcomes Count(const MetricsCatalog& catalog, const MetricsFrame& frame) {
  const auto outcome = [&](const char* word) {
    return Select(catalog, frame, "hostile_outcomes", {{"outcome", word}}).count;
  };
  HostileOutcomes outcomes;
  outcomes.closed = outcome("closed");
  outcomes.ignored = outcome("ignored");
  outcomes.replied = outcome("replied");
  outcomes.as_expected = Select(catalog, frame, "checks", {}).rate.passed;
  const auto failed = Select(catalog, frame, "connects_failed", {}).rate;
  outcomes.connected = failed.total - failed.passed;
  return outcomes;
}

/// False when they have not ended in time.
bool WaitForBots(LoadRun& run, const Program& program, servercore::StopSignals& signals,
                 RunMetrics& metrics) {
  auto give_up_at =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(program.LoadDuration());
  give_up_at += kHostileEndingMax;
  while (!run.Finished() && Clock::now() < give_up_at) {
    if (signals.WaitFor(5ms) > 0 && !run.stopping()) run.RequestStop(0s);
    while (auto interval = run.TakeInterval()) metrics.Add(*interval);
  }
  while (auto interval = run.TakeInterval()) metrics.Add(*interval);
  return run.Finished();
}

}  // namespace

const std::vector<HostileScenario>& HostileScenarios() {
  static const std::vector<HostileScenario> kScenarios(std::begin(kHostileScenarios),
                                                       std::end(kHostileScenarios));
  return kScenarios;
}

std::string HostileOutcomes::Words() const {
  std::string words;
  const auto add = [&](std::uint64_t count, const char* word) {
    if (count == 0) return;
    words += (words.empty() ? "" : ", ") + std::string(word);
    if (count < total()) words += " " + std::to_string(count);
  };
  add(closed, "closed");
  add(ignored, "ignored");
  add(replied, "replied");
  return words.empty() ? "nothing: no connection lasted" : words;
}

std::optional<Scenario> CompileHostile(const HostileScenario& scenario,
                                       const std::optional<HelloPacket>& hello,
                                       const std::string& protocol_file,
                                       std::chrono::nanoseconds timeout, Diagnostics& errors) {
  const std::string file = std::string(scenario.name);
  std::string text(scenario.text);
  if (hello) {
    const auto fields = JsonDocument::Parse(hello->fields.empty() ? "{}" : hello->fields,
                                            "--hello " + hello->packet, errors);
    if (!fields) return std::nullopt;
    Json changed = Json::parse(text);
    UseHello(changed, hello->packet, fields->root());
    text = changed.dump();
  }
  const auto document = JsonDocument::Parse(text, file, errors);
  if (!document) return std::nullopt;
  ScenarioOptions options;
  options.protocol_file = protocol_file;
  options.environment = ReadEnvironment;
  auto compiled = CompileScenario(*document, options, errors);
  if (compiled) compiled->program = WithTimeout(*compiled->program, timeout);
  return compiled;
}

std::optional<HostileOutcomes> RunHostile(const Scenario& scenario, const Server& target,
                                          servercore::StopSignals& signals) {
  auto plan = std::make_unique<RunPlan>(scenario, 1);
  for (Server& server : plan->program.servers) {
    server.target = target.target;
    server.address = target.address;
  }
  auto shards = std::make_unique<servercore::ShardGroup>(servercore::ShardGroup::MakePorts(1));
  auto run = std::make_unique<LoadRun>(*shards, plan->program, plan->catalog, plan->metrics,
                                       LoadOptions{});
  RunMetrics metrics(plan->catalog);
  shards->Start();
  run->Start();
  if (!WaitForBots(*run, plan->program, signals, metrics)) {
    // The shard still uses all of it.
    static_cast<void>(run.release());
    static_cast<void>(shards.release());
    static_cast<void>(plan.release());
    return std::nullopt;
  }
  shards->Shutdown(0ms);
  HostileOutcomes outcomes = Count(plan->catalog, metrics.whole());
  for (const FailureLog::Entry& entry : run->failures().Entries()) {
    if (entry.metric == "connects_failed") outcomes.why_not_connected = entry.text;
  }
  return outcomes;
}

}  // namespace stressbot
