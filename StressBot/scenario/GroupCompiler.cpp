#include "StressBot/scenario/GroupCompiler.h"

#include <limits>

#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/FlowCompiler.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

// Nobody waits for it, and sums of a few stay far from overflow.
constexpr Nanoseconds kLoadDurationMax = std::chrono::hours(24 * 366);

const std::vector<std::string> kExecutors = {"constant-bots", "ramping-bots"};
const std::vector<std::string> kExecutorsNotYet = {"per-bot-iterations", "constant-arrival-rate",
                                                   "ramping-arrival-rate"};

std::vector<std::string> With(std::vector<std::string> own) {
  own.insert(own.end(), {"executor", "flow", "startTime", "gracefulStop", "churn"});
  return own;
}

}  // namespace

Group GroupCompiler::Compile(const std::string& name, const JsonNode& node) {
  Group group;
  group.name = name;
  group.retry = context_.retry;
  // A name is a tag's value in thresholds and a NAME=N on the command line.
  if (name.empty() || name.find_first_of(",{}= ") != std::string::npos)
    node.Error(
        "a group's name must have at least one letter, and no space, \",\", \"=\", \"{\" or "
        "\"}\"");
  if (!node.IsObject()) {
    node.OnlyKeys({});
    return group;
  }
  if (!CompileExecutor(node, group)) return group;
  if (const auto start = node.Find("startTime")) group.start_time = start->AsDuration();
  if (const auto stop = node.Find("gracefulStop")) group.graceful_stop = stop->AsDuration();
  if (const auto churn = node.Find("churn")) group.churn = CompileChurn(*churn);
  if (group.start_time > kLoadDurationMax || group.Duration() > kLoadDurationMax)
    node.Error("would last for more than a year");
  CompileFlow(node, group);
  return group;
}

bool GroupCompiler::CompileExecutor(const JsonNode& node, Group& group) {
  const auto executor = node.Require("executor");
  if (!executor || !executor->IsString()) {
    if (executor) executor->AsString();
    return false;
  }
  const std::string word = executor->AsString();
  if (word == "constant-bots") {
    CompileConstant(node, group);
  } else if (word == "ramping-bots") {
    CompileRamping(node, group);
  } else if (Contains(kExecutorsNotYet, word)) {
    RefuseNotYet(*executor, "the executor \"" + word + "\"");
    return false;
  } else {
    executor->Error("no executor \"" + word + "\"" + Suggest(word, kExecutors));
    return false;
  }
  return true;
}

void GroupCompiler::CompileConstant(const JsonNode& node, Group& group) {
  CheckKeys(node, With({"bots", "duration", "rampUp"}), {"retry"});
  const auto bots = node.Require("bots");
  const auto duration = node.Require("duration");
  if (!bots || !duration) return;
  const std::uint32_t count = ReadCount(*bots);
  const Nanoseconds whole = ReadPositiveDuration(*duration);
  const auto ramp_node = node.Find("rampUp");
  const Nanoseconds ramp = ramp_node ? ReadPositiveDuration(*ramp_node) : Nanoseconds::zero();
  if (ramp > whole)
    ramp_node->Error("is longer than the group's duration, of which it is the first part");
  group.bots_at_start = ramp_node ? 0 : count;
  if (ramp > Nanoseconds::zero()) group.stages.push_back({ramp, count});
  if (whole > ramp) group.stages.push_back({whole - ramp, count});
}

void GroupCompiler::CompileRamping(const JsonNode& node, Group& group) const {
  CheckKeys(node, With({"startBots", "stages"}), {"retry"});
  if (const auto start = node.Find("startBots"))
    group.bots_at_start =
        static_cast<std::uint32_t>(start->AsUnsigned(std::numeric_limits<std::uint32_t>::max()));
  const auto stages = node.Require("stages");
  if (!stages) return;
  const std::size_t errors_before = context_.errors.list().size();
  if (stages->IsArray() && stages->json().empty()) stages->Error("needs at least one stage");
  for (const JsonNode& entry : stages->Elements()) {
    entry.OnlyKeys({"duration", "target"});
    if (!entry.IsObject()) continue;
    Stage stage;
    if (const auto duration = entry.Require("duration"))
      stage.duration = ReadPositiveDuration(*duration);
    if (const auto target = entry.Require("target"))
      stage.target =
          static_cast<std::uint32_t>(target->AsUnsigned(std::numeric_limits<std::uint32_t>::max()));
    group.stages.push_back(stage);
  }
  if (group.BotsMax() == 0 && context_.errors.list().size() == errors_before)
    stages->Error("never has a bot; give a stage a target above 0");
}

Churn GroupCompiler::CompileChurn(const JsonNode& node) const {
  CheckKeys(node, {"lifetime", "reset", "away"}, {"backoff", "jitter"});
  Churn churn;
  if (!node.IsObject()) return churn;
  if (const auto lifetime = node.Require("lifetime")) {
    const std::size_t errors_before = context_.errors.list().size();
    churn.lifetime = ReadDurations(*lifetime);
    if (MeanOf(churn.lifetime) <= 0 && context_.errors.list().size() == errors_before)
      lifetime->Error("must be longer than zero");
  }
  if (const auto reset = node.Find("reset")) churn.reset_share = ReadNumber(*reset, 0, 1);
  if (const auto away = node.Find("away")) churn.away = ReadDurations(*away);
  return churn;
}

void GroupCompiler::CompileFlow(const JsonNode& node, Group& group) {
  const auto flow = node.Require("flow");
  if (!flow) return;
  const std::string name = flow->AsString();
  if (context_.flows.contains(name)) {
    group.flow = FlowCompiler(context_).Compile(name);
  } else if (flow->IsString() && context_.flows_are_there) {
    flow->Error("no flow \"" + name + "\"" + Suggest(name, NamesOf(context_.flows)));
  }
}

}  // namespace stressbot
