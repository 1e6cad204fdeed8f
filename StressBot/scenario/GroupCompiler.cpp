#include "StressBot/scenario/GroupCompiler.h"

#include <algorithm>

#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/ExecutorReader.h"
#include "StressBot/scenario/FlowCompiler.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

// Nobody waits for it, and sums of a few stay far from overflow.
constexpr Nanoseconds kLoadDurationMax = std::chrono::hours(24 * 366);

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
  if (!ReadExecutor(node, group)) return group;
  if (const auto start = node.Find("startTime")) group.start_time = start->AsDuration();
  if (const auto stop = node.Find("gracefulStop")) group.graceful_stop = stop->AsDuration();
  if (const auto churn = node.Find("churn")) {
    group.churn = CompileChurn(*churn, group.retry);
    if (group.arrivals) RefuseReturn(*churn);
  }
  if (group.start_time > kLoadDurationMax || group.Duration() > kLoadDurationMax)
    node.Error("would last for more than a year");
  CompileFlow(node, group);
  return group;
}

Churn GroupCompiler::CompileChurn(const JsonNode& node, RetryPolicy& retry) const {
  node.OnlyKeys({"lifetime", "reset", "away", "backoff", "jitter"});
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
  if (const auto backoff = node.Find("backoff")) retry.after = ReadPositiveDuration(*backoff);
  if (const auto jitter = node.Find("jitter")) retry.jitter = ReadNumber(*jitter, 0, 1);
  retry.max = std::max(retry.max, retry.after);
  return churn;
}

/// Who comes next is up to the group's rate.
void GroupCompiler::RefuseReturn(const JsonNode& churn) {
  for (const char* key : {"away", "backoff", "jitter"}) {
    if (const auto node = churn.Find(key))
      node->Error(std::string("\"") + key +
                  "\" has no meaning for arrivals: nobody comes back, the next comes by the rate");
  }
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
