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

}  // namespace
}  // namespace stressbot
