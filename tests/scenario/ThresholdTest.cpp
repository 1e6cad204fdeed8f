#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

Loaded LoadThresholds(const std::string& thresholds) {
  return LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"},
    {"request": "C_CHAT", "name": "chat", "metric": "chat_rtt", "fields": {"msg": "a"}, "expect": "S_CHAT"}]},
  "thresholds": {
)" + thresholds + "\n}}");
}

TEST(ThresholdTest, SelectorsAndExpressionsKeepTheirPlaces) {
  const Loaded loaded = LoadThresholds(R"(    "chat_rtt": ["p(99)<50ms", {"threshold": "max<1s"}],
    "request_duration{step:chat,group:g}": ["p(95)<100"],
    "checks": ["rate==1"])");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_TRUE(loaded.scenario->has_thresholds_key);
  const auto& thresholds = loaded.scenario->thresholds;
  ASSERT_EQ(thresholds.size(), 4u);
  EXPECT_EQ(thresholds[0].selector, "chat_rtt");
  EXPECT_EQ(thresholds[0].expression, "p(99)<50ms");
  EXPECT_EQ(thresholds[0].line, 7);
  EXPECT_EQ(thresholds[0].path, "thresholds.chat_rtt[0]");
  EXPECT_EQ(thresholds[0].threshold.limit, 50e6);
  EXPECT_EQ(thresholds[1].expression, "max<1s");
  EXPECT_EQ(thresholds[2].threshold.tags.size(), 2u);
  EXPECT_EQ(thresholds[2].line, 8);
}

TEST(ThresholdTest, WindowsAndWhatEndsTheRun) {
  const Loaded loaded = LoadThresholds(
      R"("chat_rtt": [{"threshold": "p(99)<500ms", "window": "10s", "abortOnFail": true, "delayAbortEval": "20s"},
         "p(99)<1s"])");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Threshold& first = loaded.scenario->thresholds[0].threshold;
  EXPECT_EQ(first.window, std::chrono::seconds(10));
  EXPECT_TRUE(first.abort_on_fail);
  EXPECT_EQ(first.delay_abort_eval, std::chrono::seconds(20));
  EXPECT_EQ(Describe(first), "p(99)<500ms in each 10.0 s");
  const Threshold& second = loaded.scenario->thresholds[1].threshold;
  EXPECT_FALSE(second.window || second.abort_on_fail);
  EXPECT_EQ(Describe(second), "p(99)<1s");
}

TEST(ThresholdTest, NoneAndAnEmptyObjectDiffer) {
  EXPECT_FALSE(LoadSteps(R"({"think": "1s"})").scenario->has_thresholds_key);
  const Loaded loaded = LoadThresholds("");
  ASSERT_TRUE(loaded.scenario);
  EXPECT_TRUE(loaded.scenario->has_thresholds_key);
  EXPECT_TRUE(loaded.scenario->thresholds.empty());
}

struct ThresholdMistake {
  std::string json, words;
};

TEST(ThresholdTest, MistakesAreRefusedWithASuggestion) {
  const std::vector<ThresholdMistake> mistakes = {
      {R"("chat_rt": ["p(99)<50ms"])", "chat_rtt"},
      {R"("chekcs": ["rate==1"])", "checks"},
      {R"("checks": ["rat==1"])", "rate"},
      {R"("checks": [5])", "text"},
      {R"("checks": [])", "at least one"},
      {R"("checks": "rate==1")", "list"},
      {R"("request_duration{step:chatt}": ["p(95)<1s"])", "did you mean \"chat\"?"},
      {R"("request_duration{stepp:chat}": ["p(95)<1s"])", "step"},
      {R"("bots{group:h}": ["max<2"])", "no group \"h\""},
      {R"("packets_sent{packet:C_CHATT}": ["count>2"])", "C_CHAT"},
      {R"("generator_memory": [{"threshold": "slope<1MB/h", "window": "60s"}])", "no \"window\""},
      {R"("generator_memory": [{"threshold": "slope<1MB/h", "abortOnFail": true}])", "judged once"},
      {R"("generator_memory": ["slope<1MB"])", "in which time"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "window": "1500ms"}])", "whole seconds"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "window": "0s"}])", "whole seconds"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "window": "11m"}])", "from 1s to 10m"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "abortOnFail": "yes"}])", "true"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "delayAbortEval": "3s"}])", "abortOnFail"},
      {R"("chat_rtt": [{"thresold": "p(99)<1s"}])", "did you mean \"threshold\"?"},
      {R"("fanout_delivered": ["rate==1"])", "needs a step with"}};
  for (const ThresholdMistake& mistake : mistakes) {
    const Loaded loaded = LoadThresholds(mistake.json);
    EXPECT_FALSE(loaded.scenario) << mistake.json;
    EXPECT_NE(loaded.errors.ToString().find(mistake.words), std::string::npos)
        << mistake.json << "\n"
        << loaded.errors.ToString();
    ASSERT_FALSE(loaded.errors.empty());
    EXPECT_EQ(loaded.errors.list().front().line, 7);
  }
}

}  // namespace
}  // namespace stressbot
