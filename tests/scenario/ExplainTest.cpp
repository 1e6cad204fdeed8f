#include <gtest/gtest.h>

#include "ScenarioText.h"
#include "StressBot/scenario/Needs.h"

namespace stressbot {
namespace {

const std::string kScenario = R"({
  "name": "busy", "description": "many talk",
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"players": {"executor": "ramping-bots", "flow": "f", "startTime": "2s",
    "stages": [{"duration": "5s", "target": 1000}, {"duration": "3m", "target": 1000}],
    "churn": {"lifetime": "20s", "reset": 0.5, "away": "5s"}}},
  "flows": {"f": [{"connect": "game"}, {"parallel": {
    "talk": [{"repeat": "until-stop", "every": "500ms", "steps": [
      {"send": "C_CHAT", "fields": {"msg": "a"}},
      {"repeat": 3, "steps": [{"send": "C_CHAT", "fields": {"msg": "b"}}]}]}],
    "walk": [{"repeat": "until-stop", "every": "2s", "steps": [
      {"request": "C_MOVE", "expect": "S_MOVE"}]}]}}]}
})";

TEST(ExplainTest, CountsWhatTheRepeatsAskFor) {
  const Loaded loaded = LoadText(kScenario);
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  // (1 + 3) each 0.5 s and 1 each 2 s: 8.5 a bot.
  EXPECT_DOUBLE_EQ(PacketsPerSecond(loaded.program().groups.front()), 8500);
}

TEST(ExplainTest, CountsPortsInTimeWait) {
  const Loaded loaded = LoadText(kScenario);
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Needs needs = NeedsOf(loaded.program());
  EXPECT_EQ(needs.connections, 1000u);
  // 1,000 bots / 25 s, half of them in order, 60 s each.
  EXPECT_EQ(needs.ports, 1000u + 1200u);
}

TEST(ExplainTest, SaysItInAFewLines) {
  const Loaded loaded = LoadText(kScenario);
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(Explain(*loaded.scenario),
            "busy: many talk\n"
            "server game at 127.0.0.1:1, 9 packets known\n"
            "group players\n"
            "  bots          0 to 1,000 in 5 s, then 1,000 for 3 min, from 2 s on\n"
            "  flow          f: 8 steps, 1 of at most 64 places that await a packet\n"
            "  sends         about 8,500 packets/s by \"every\" with all bots there\n"
            "  churn         lifetime 20 s; 50 % leave by reset; away 5 s\n"
            "in all\n"
            "  load          3.117 min, measured from 0 s on; seed 42\n"
            "  bots          at most 1,000\n"
            "  sends         about 8,500 packets/s by \"every\" with all bots there\n"
            "  descriptors   1,000 for connections\n"
            "  ports         2,200 towards the busiest target, those in TIME_WAIT included\n"
            "  thresholds    the defaults: no failures, no drops\n");
}

TEST(ExplainTest, SaysWhatArrivesAndWhatItTakes) {
  const Loaded loaded = LoadText(R"({
  "name": "visit", "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {
    "steady": {"executor": "constant-arrival-rate", "flow": "f", "rate": 20, "maxBots": 40, "duration": "2m",
      "churn": {"lifetime": "20s", "reset": 0.5}},
    "wave": {"executor": "ramping-arrival-rate", "flow": "f", "maxBots": 30, "startTime": "5s", "stages": [
      {"duration": "10s", "target": 7.5}, {"duration": "50s", "target": 7.5}]},
    "counted": {"executor": "per-bot-iterations", "flow": "f", "bots": 1000, "iterations": 5}},
  "flows": {"f": [{"connect": "game"}, {"send": "C_CHAT", "fields": {"msg": "a"}},
    {"repeat": "4s", "every": "2s", "steps": [{"send": "C_CHAT", "fields": {"msg": "b"}}]}]}
})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(Explain(*loaded.scenario),
            "visit\n"
            "server game at 127.0.0.1:1, 9 packets known\n"
            "group steady\n"
            "  arrivals      20/s for 2 min; 2,400 in all\n"
            "  bots          at most 40 at once; arrivals beyond them are dropped\n"
            "  flow          f: 4 steps, 0 of at most 64 places that await a packet\n"
            "  sends         about 60 packets/s, 3 of each arrival\n"
            "  churn         lifetime 20 s; 50 % leave by reset\n"
            "group wave\n"
            "  arrivals      0/s to 7.5/s in 10 s, then 7.5/s for 50 s, from 5 s on; 413 in all\n"
            "  bots          at most 30 at once; arrivals beyond them are dropped\n"
            "  flow          f: 4 steps, 0 of at most 64 places that await a packet\n"
            "  sends         about 23 packets/s, 3 of each arrival\n"
            "group counted\n"
            "  bots          1,000, 5 iterations each, in 10 min at most\n"
            "  flow          f: 4 steps, 0 of at most 64 places that await a packet\n"
            "  sends         about 500 packets/s by \"every\" with all bots there\n"
            "in all\n"
            "  load          10 min, measured from 0 s on; seed 42\n"
            "  bots          at most 1,070\n"
            "  sends         about 583 packets/s at the greatest rates\n"
            "  descriptors   1,070 for connections\n"
            "  ports         2,683 towards the busiest target, those in TIME_WAIT included\n"
            "  thresholds    the defaults: no failures, no drops\n");
}

TEST(ExplainTest, LongTimesStayReadable) {
  std::string text = kScenario;
  text.replace(text.find("\"3m\""), 4, "\"1000h\"");
  text.replace(text.find("\"20s\""), 5, "\"40000h\"");
  text.replace(text.find("\"5s\"}}}"), 4, "\"10us\"");
  const Loaded loaded = LoadText(text);
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const std::string told = Explain(*loaded.scenario);
  EXPECT_NE(told.find("then 1,000 for 1,000 h"), std::string::npos) << told;
  EXPECT_NE(told.find("lifetime 40,000 h;"), std::string::npos) << told;
  EXPECT_NE(told.find("away 10 us"), std::string::npos) << told;
}

}  // namespace
}  // namespace stressbot
