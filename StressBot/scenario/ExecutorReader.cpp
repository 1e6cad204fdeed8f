#include "StressBot/scenario/ExecutorReader.h"

#include <cmath>
#include <limits>

#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

constexpr std::uint64_t kCountMax = std::numeric_limits<std::uint32_t>::max();
constexpr double kUnlimited = std::numeric_limits<double>::infinity();
constexpr Nanoseconds kMaxDuration = std::chrono::minutes(10);

const std::vector<std::string> kExecutors = {"constant-bots", "ramping-bots", "per-bot-iterations",
                                             "constant-arrival-rate", "ramping-arrival-rate"};

std::vector<std::string> With(std::vector<std::string> own) {
  own.insert(own.end(), {"executor", "flow", "startTime", "gracefulStop", "churn"});
  return own;
}

/// Bots or a rate at the end of a stage come as "target".
template <typename Stage, typename ReadTarget>
void ReadStages(const JsonNode& stages, std::vector<Stage>& out, const ReadTarget& read_target) {
  if (stages.IsArray() && stages.json().empty()) stages.Error("needs at least one stage");
  for (const JsonNode& entry : stages.Elements()) {
    entry.OnlyKeys({"duration", "target"});
    if (!entry.IsObject()) continue;
    Stage stage;
    if (const auto duration = entry.Require("duration"))
      stage.duration = ReadPositiveDuration(*duration);
    if (const auto target = entry.Require("target")) read_target(*target, stage);
    out.push_back(stage);
  }
}

/// How many there may be when somebody asks for more. After the bots that the group has anyway.
void ReadBotsByHand(const JsonNode& node, Group& group) {
  const auto most = node.Find("maxBots");
  if (!most) return;
  group.bots_by_hand_max = ReadCount(*most);
  if (group.bots_by_hand_max != 0 && group.bots_by_hand_max < group.BotsMax())
    most->Error("is less than the group's own bots");
}

void ReadConstantBots(const JsonNode& node, Group& group) {
  node.OnlyKeys(With({"bots", "duration", "rampUp", "maxBots"}));
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
  ReadBotsByHand(node, group);
}

void ReadRampingBots(const JsonNode& node, Group& group) {
  node.OnlyKeys(With({"startBots", "stages", "maxBots"}));
  const auto read_bots = [](const JsonNode& from) {
    return static_cast<std::uint32_t>(from.AsUnsigned(kCountMax));
  };
  if (const auto start = node.Find("startBots")) group.bots_at_start = read_bots(*start);
  const auto stages = node.Require("stages");
  if (!stages) return;
  const std::size_t errors_before = node.errors().list().size();
  ReadStages(*stages, group.stages,
             [&](const JsonNode& target, Stage& stage) { stage.target = read_bots(target); });
  if (group.BotsMax() == 0 && node.errors().list().size() == errors_before)
    stages->Error("never has a bot; give a stage a target above 0");
  ReadBotsByHand(node, group);
}

void ReadPerBotIterations(const JsonNode& node, Group& group) {
  node.OnlyKeys(With({"bots", "iterations", "maxDuration"}));
  const auto bots = node.Require("bots");
  const auto iterations = node.Require("iterations");
  const auto most = node.Find("maxDuration");
  const Nanoseconds duration = most ? ReadPositiveDuration(*most) : kMaxDuration;
  if (!bots || !iterations) return;
  group.bots_at_start = ReadCount(*bots);
  group.iterations = ReadCount(*iterations);
  group.stages.push_back({duration, group.bots_at_start});
}

/// What the arrival executors share: maxBots, and how many seconds the rates are for.
double ReadArrivals(const JsonNode& node, Arrivals& arrivals) {
  if (const auto most = node.Require("maxBots")) arrivals.bots_max = ReadCount(*most);
  const auto unit = node.Find("timeUnit");
  const Nanoseconds time = unit ? ReadPositiveDuration(*unit) : std::chrono::seconds(1);
  return time > Nanoseconds::zero() ? std::chrono::duration<double>(time).count() : 1;
}

/// Arrivals have numbers of 32 bits.
void CheckArrivals(const JsonNode& node, const Arrivals& arrivals) {
  double sum = 0;
  double rate = arrivals.rate_at_start;
  for (const Arrivals::Stage& stage : arrivals.stages) {
    sum += (rate + stage.rate) / 2 * std::chrono::duration<double>(stage.duration).count();
    rate = stage.rate;
  }
  if (sum >= static_cast<double>(kCountMax))
    node.Error("would bring more than 4,294,967,295 arrivals");
}

void ReadConstantArrivals(const JsonNode& node, Group& group) {
  node.OnlyKeys(With({"rate", "timeUnit", "duration", "maxBots"}));
  const std::size_t errors_before = node.errors().list().size();
  Arrivals& arrivals = group.arrivals.emplace();
  const double unit = ReadArrivals(node, arrivals);
  const auto rate = node.Require("rate");
  const auto duration = node.Require("duration");
  if (rate) {
    arrivals.rate_at_start = ReadNumber(*rate, 0, kUnlimited) / unit;
    if (!(arrivals.rate_at_start > 0) && node.errors().list().size() == errors_before)
      rate->Error("must be more than zero");
  }
  if (duration)
    arrivals.stages.push_back({ReadPositiveDuration(*duration), arrivals.rate_at_start});
  CheckArrivals(node, arrivals);
}

void ReadRampingArrivals(const JsonNode& node, Group& group) {
  node.OnlyKeys(With({"startRate", "timeUnit", "stages", "maxBots"}));
  const std::size_t errors_before = node.errors().list().size();
  Arrivals& arrivals = group.arrivals.emplace();
  const double unit = ReadArrivals(node, arrivals);
  if (const auto start = node.Find("startRate"))
    arrivals.rate_at_start = ReadNumber(*start, 0, kUnlimited) / unit;
  const auto stages = node.Require("stages");
  if (!stages) return;
  ReadStages(*stages, arrivals.stages, [unit](const JsonNode& target, Arrivals::Stage& stage) {
    stage.rate = ReadNumber(target, 0, kUnlimited) / unit;
  });
  CheckArrivals(node, arrivals);
  if (!(arrivals.RateMax() > 0) && node.errors().list().size() == errors_before)
    stages->Error("never brings anybody; give a stage a target above 0");
}

}  // namespace

bool ReadExecutor(const JsonNode& node, Group& group) {
  const auto executor = node.Require("executor");
  if (!executor) return false;
  const std::string word = executor->AsString();
  if (!executor->IsString()) return false;
  if (word == "constant-bots") {
    ReadConstantBots(node, group);
  } else if (word == "ramping-bots") {
    ReadRampingBots(node, group);
  } else if (word == "per-bot-iterations") {
    ReadPerBotIterations(node, group);
  } else if (word == "constant-arrival-rate") {
    ReadConstantArrivals(node, group);
  } else if (word == "ramping-arrival-rate") {
    ReadRampingArrivals(node, group);
  } else {
    executor->Error("no executor \"" + word + "\"" + Suggest(word, kExecutors));
    return false;
  }
  return true;
}

}  // namespace stressbot
