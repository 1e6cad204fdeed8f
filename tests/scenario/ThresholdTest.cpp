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
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "window": "10s"}])", "not supported yet"},
      {R"("chat_rtt": [{"threshold": "p(99)<1s", "abortOnFail": true}])", "not supported yet"},
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
