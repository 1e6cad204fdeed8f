#include "StressBot/scenario/ThresholdReader.h"

#include <algorithm>
#include <optional>
#include <set>

#include "StressBot/metrics/BuiltinMetrics.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

/// A second of a latency takes some 100 KB.
constexpr std::chrono::minutes kWindowMax{10};

std::vector<std::string> StepNames(const Program& program) {
  std::set<std::string> names;
  for (const Group& group : program.groups) {
    for (const auto& step : group.flow.connects) names.insert(step.name);
    for (const auto& step : group.flow.requests) names.insert(step.name);
    for (const auto& step : group.flow.sends) names.insert(step.name);
    for (const auto& step : group.flow.expects) names.insert(step.name);
    for (const auto& step : group.flow.listens) names.insert(step.name);
    for (const auto& step : group.flow.hostiles) names.insert(step.name);
    for (const auto& step : group.flow.rendezvous) names.insert(step.name);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> PacketNames(const Program& program) {
  std::set<std::string> names;
  for (const Server& server : program.servers) {
    if (!server.protocol) continue;
    for (const PacketType& packet : server.protocol->packets()) names.insert(packet.name);
  }
  return {names.begin(), names.end()};
}

/// nullopt for tags whose values are not known before the run.
std::optional<std::vector<std::string>> ValuesOf(const std::string& tag,
                                                 const ScenarioContext& context,
                                                 const Program& program) {
  std::vector<std::string> values;
  if (tag == "step") return StepNames(program);
  if (tag == "packet") return PacketNames(program);
  if (tag == "flow") return NamesOf(context.flows);
  if (tag == "group") {
    for (const Group& group : program.groups) values.push_back(group.name);
  } else if (tag == "server") {
    for (const Server& server : program.servers) values.push_back(server.name);
  } else {
    return std::nullopt;
  }
  return values;
}

class Reader {
 public:
  Reader(const ScenarioContext& context, const Program& program)
      : context_(context), program_(program) {}

  void ReadMetric(const std::string& text, const JsonNode& node) {
    std::string error;
    const auto selector = ParseMetricSelector(text, error);
    if (!selector) return node.Error(error);
    const auto kind = KindOfSelector(*selector, NamesOf(context_.aliases), error);
    if (!kind) {
      if (context_.names_are_known) node.Error(error);
      return;
    }
    if (context_.names_are_known) CheckTagValues(*selector, node);
    if (context_.names_are_known && selector->metric.starts_with("fanout_") &&
        context_.fanouts.empty())
      node.Error("needs a step with \"fanout\": without one there is nothing to count");
    if (node.IsArray() && node.json().empty()) node.Error("needs at least one expression");
    for (const JsonNode& entry : node.Elements()) ReadExpression(text, *selector, *kind, entry);
  }
  std::vector<ThresholdText> Take() { return std::move(thresholds_); }

 private:
  void CheckTagValues(const MetricSelector& selector, const JsonNode& node) const {
    // Processes that the scenario does not know may be watched too: --watch-pid NAME=PID.
    const bool may_be_other = selector.metric.starts_with("server_");
    for (const auto& [tag, value] : selector.tags) {
      if (may_be_other && tag == "server") continue;
      const auto known = ValuesOf(tag, context_, program_);
      if (known && !Contains(*known, value))
        node.Error("no " + tag + " \"" + value + "\" in this scenario" + Suggest(value, *known));
    }
  }
  void ReadExpression(const std::string& text, const MetricSelector& selector, MetricKind kind,
                      const JsonNode& entry) {
    std::optional<JsonNode> expression = entry;
    if (entry.IsObject()) {
      entry.OnlyKeys({"threshold", "window", "abortOnFail", "delayAbortEval"});
      expression = entry.Require("threshold");
    }
    if (!expression) return;
    const std::string written = expression->AsString();
    if (!expression->IsString()) return;
    std::string error;
    auto threshold = ParseThreshold(selector, kind, written, error);
    if (!threshold) return expression->Error(error);
    if (entry.IsObject()) ReadWhen(entry, *threshold);
    if (threshold->aggregator == Threshold::Aggregator::kSlope &&
        (threshold->window || threshold->abort_on_fail))
      return expression->Error(
          "is a slope, which is judged once, over the whole measured part: it takes no \"window\" "
          "and no \"abortOnFail\"");
    const std::string& path = expression->path();
    thresholds_.push_back({text, written, context_.document.file(), context_.document.LineOf(path),
                           path, std::move(*threshold)});
  }

  /// Over which stretches it is judged, and whether its failing ends the run.
  static void ReadWhen(const JsonNode& entry, Threshold& threshold) {
    if (const auto window = entry.Find("window")) {
      threshold.window = window->AsDuration();
      const bool is_whole = *threshold.window % std::chrono::seconds(1) == Nanoseconds::zero();
      if (window->IsString() && (!is_whole || *threshold.window < std::chrono::seconds(1) ||
                                 *threshold.window > kWindowMax))
        window->Error("must be whole seconds, from 1s to 10m: the run is judged second by second");
    }
    if (const auto abort = entry.Find("abortOnFail")) threshold.abort_on_fail = abort->AsBool();
    if (const auto delay = entry.Find("delayAbortEval")) {
      threshold.delay_abort_eval = delay->AsDuration();
      if (!threshold.abort_on_fail)
        delay->Error("says when \"abortOnFail\" begins, which is not set here");
    }
  }

  const ScenarioContext& context_;
  const Program& program_;
  std::vector<ThresholdText> thresholds_;
};

}  // namespace

std::vector<ThresholdText> ReadThresholds(const ScenarioContext& context, const JsonNode& node,
                                          const Program& program) {
  Reader reader(context, program);
  for (const auto& [text, entry] : node.Members()) reader.ReadMetric(text, entry);
  return reader.Take();
}

}  // namespace stressbot
