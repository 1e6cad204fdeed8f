#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

Loaded LoadGroup(const std::string& group, const std::string& rest = "") {
  return LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  )" + rest + R"(
  "groups": {"g": )" +
                  group + R"(},
  "flows": {"f": [{"connect": "game"}]}
})");
}

TEST(GroupTest, ConstantBotsBeginAtOnceOrRampUpAsAPartOfTheirDuration) {
  const Loaded at_once =
      LoadGroup(R"({"executor": "constant-bots", "flow": "f", "bots": 20, "duration": "30s"})");
  ASSERT_TRUE(at_once.scenario) << at_once.errors.ToString();
  const Group& group = at_once.program().groups.front();
  EXPECT_EQ(group.bots_at_start, 20u);
  ASSERT_EQ(group.stages.size(), 1u);
  EXPECT_EQ(group.Duration(), 30s);
  EXPECT_EQ(group.graceful_stop, 10s);

  const Loaded ramped = LoadGroup(
      R"({"executor": "constant-bots", "flow": "f", "bots": 20, "duration": "30s", "rampUp": "5s",
          "startTime": "2s", "gracefulStop": "1s"})");
  ASSERT_TRUE(ramped.scenario) << ramped.errors.ToString();
  const Group& ramp = ramped.program().groups.front();
  EXPECT_EQ(ramp.bots_at_start, 0u);
  ASSERT_EQ(ramp.stages.size(), 2u);
  EXPECT_EQ(ramp.stages[0].duration, 5s);
  EXPECT_EQ(ramp.Duration(), 30s);
  EXPECT_EQ(ramp.start_time, 2s);
  EXPECT_EQ(ramp.graceful_stop, 1s);
  EXPECT_EQ(ramped.program().LoadDuration(), 32s);
}

TEST(GroupTest, RampingBotsKeepTheirStages) {
  const Loaded loaded = LoadGroup(
      R"({"executor": "ramping-bots", "flow": "f", "startBots": 5,
          "stages": [{"duration": "10s", "target": 100}, {"duration": "1m", "target": 0}]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Group& group = loaded.program().groups.front();
  EXPECT_EQ(group.bots_at_start, 5u);
  EXPECT_EQ(group.BotsMax(), 100u);
  EXPECT_EQ(group.Duration(), 70s);
}

TEST(GroupTest, PerBotIterationsEndWithThemOrAfterTheirLongestTime) {
  const Loaded loaded = LoadGroup(
      R"({"executor": "per-bot-iterations", "flow": "f", "bots": 20, "iterations": 5, "maxDuration": "3m"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Group& group = loaded.program().groups.front();
  EXPECT_EQ(group.bots_at_start, 20u);
  EXPECT_EQ(group.iterations, 5u);
  EXPECT_EQ(group.Duration(), 3min);
  const Loaded without =
      LoadGroup(R"({"executor": "per-bot-iterations", "flow": "f", "bots": 1, "iterations": 1})");
  ASSERT_TRUE(without.scenario) << without.errors.ToString();
  EXPECT_EQ(without.program().LoadDuration(), 10min);
}

TEST(GroupTest, ArrivalRatesAreForTheirTimeUnit) {
  const Loaded constant = LoadGroup(
      R"({"executor": "constant-arrival-rate", "flow": "f", "rate": 90, "timeUnit": "1m",
          "duration": "30s", "maxBots": 7})");
  ASSERT_TRUE(constant.scenario) << constant.errors.ToString();
  const Group& group = constant.program().groups.front();
  ASSERT_TRUE(group.arrivals);
  EXPECT_DOUBLE_EQ(group.arrivals->RateMax(), 1.5);
  EXPECT_EQ(group.BotsMax(), 7u);
  EXPECT_EQ(group.Duration(), 30s);

  const Loaded ramping = LoadGroup(
      R"({"executor": "ramping-arrival-rate", "flow": "f", "startRate": 2.5, "maxBots": 50,
          "stages": [{"duration": "10s", "target": 20}, {"duration": "5s", "target": 0}]})");
  ASSERT_TRUE(ramping.scenario) << ramping.errors.ToString();
  const Arrivals& arrivals = *ramping.program().groups.front().arrivals;
  EXPECT_EQ(arrivals.rate_at_start, 2.5);
  EXPECT_EQ(arrivals.stages.size(), 2u);
  EXPECT_EQ(arrivals.RateMax(), 20);
}

TEST(GroupTest, MistakesInArrivalsAreToldWhereTheyAre) {
  struct Mistake {
    std::string group, path, words;
  };
  const std::string constant =
      R"({"executor": "constant-arrival-rate", "flow": "f", "duration": "9s", )";
  const std::string ramping = R"({"executor": "ramping-arrival-rate", "flow": "f", "maxBots": 5, )";
  const std::vector<Mistake> mistakes = {
      {constant + R"("rate": 0, "maxBots": 5})", "groups.g.rate", "more than zero"},
      {constant + R"("rate": -1, "maxBots": 5})", "groups.g.rate", "at least 0"},
      {constant + R"("rate": 5, "maxBots": 0})", "groups.g.maxBots", "at least 1"},
      {constant + R"("rate": 5})", "groups.g", "maxBots"},
      {constant + R"("maxBots": 5, "rate": 5, "timeUnit": "0s"})", "groups.g.timeUnit",
       "longer than zero"},
      {constant + R"("rate": 5, "maxBots": 5, "bots": 5})", "groups.g.bots", "unknown key"},
      {constant + R"("rate": 900000000, "maxBots": 5})", "groups.g", "4,294,967,295"},
      {ramping + R"("stages": []})", "groups.g.stages", "at least one stage"},
      {ramping + R"("stages": [{"duration": "1s", "target": 0}]})", "groups.g.stages",
       "never brings anybody"},
      {constant + R"("rate": 5, "maxBots": 5, "churn": {"lifetime": "1s", "away": "1s"}})",
       "groups.g.churn.away", "nobody comes back"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadGroup(mistake.group);
    ASSERT_EQ(loaded.errors.list().size(), 1u) << mistake.group << loaded.errors.ToString();
    const Diagnostic& error = loaded.errors.list().front();
    EXPECT_EQ(error.path, mistake.path) << error.ToString();
    EXPECT_NE(error.message.find(mistake.words), std::string::npos) << error.message;
  }
}

TEST(GroupTest, ChurnAndRetryAreRead) {
  const Loaded loaded = LoadGroup(
      R"({"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "9s",
          "churn": {"lifetime": {"exponential": {"mean": "30s"}}, "reset": 0.2, "away": "2s"}})",
      R"("warmup": "1s", "defaults": {"timeout": "7s",
         "retry": {"after": "2s", "factor": 3, "max": "1m", "jitter": 0}},)");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Group& group = loaded.program().groups.front();
  ASSERT_TRUE(group.churn);
  EXPECT_EQ(group.churn->lifetime.kind, Distribution::Kind::kExponential);
  EXPECT_EQ(group.churn->lifetime.a, 30e9);
  EXPECT_EQ(group.churn->reset_share, 0.2);
  EXPECT_EQ(group.churn->away.a, 2e9);
  EXPECT_EQ(group.retry.after, 2s);
  EXPECT_EQ(group.retry.factor, 3);
  EXPECT_EQ(group.retry.max, 60s);
  EXPECT_EQ(group.retry.jitter, 0);
  EXPECT_EQ(loaded.program().warmup, 1s);
  EXPECT_EQ(group.flow.connects.front().timeout, 7s);
}

TEST(GroupTest, BackoffAndJitterOfChurnAreTheGroupsOwnRetry) {
  const Loaded loaded = LoadGroup(
      R"({"executor": "constant-bots", "flow": "f", "bots": 20, "duration": "30s",
          "churn": {"lifetime": "5s", "backoff": "40s", "jitter": 0.25}})",
      R"("defaults": {"retry": {"after": "2s", "max": "20s", "jitter": 0}},)");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const RetryPolicy& retry = loaded.program().groups.front().retry;
  EXPECT_EQ(retry.after, 40s);
  EXPECT_EQ(retry.max, 40s);  // never shorter than the first wait
  EXPECT_EQ(retry.jitter, 0.25);
}

TEST(GroupTest, MaxBotsIsRoomForThoseWhoComeByHand) {
  const Loaded loaded = LoadGroup(
      R"({"executor": "constant-bots", "flow": "f", "bots": 10, "duration": "10s", "maxBots": 50})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.program().BotsMax(), 10U);
  EXPECT_EQ(loaded.program().BotsPossible(), 50U);
  const Loaded ramp = LoadGroup(
      R"({"executor": "ramping-bots", "flow": "f", "stages": [{"duration": "5s", "target": 10}], "maxBots": 9})");
  EXPECT_NE(ramp.errors.ToString().find("groups.g.maxBots: is less than the group's own bots"),
            std::string::npos)
      << ramp.errors.ToString();
}

}  // namespace
}  // namespace stressbot
