// What is sent to audiences, and who joins them.
#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Op = Instruction::Op;

const std::string kJoin = R"({"join": "town"}, )";

std::string Chat(const std::string& text, const std::string& fanout) {
  return R"({"request": "C_CHAT", "name": "chat", "fields": {"msg": ")" + text +
         R"("}, "expect": "S_CHAT", "where": {"msg": "${sent.msg}"}, "fanout": )" + fanout + "}";
}

TEST(AudienceTest, ARequestTellsWhatMembersReceiveAndWhereTheStampIs) {
  const Loaded loaded =
      LoadSteps(R"(
    {"request": "C_LOGIN", "expect": "S_LOGIN", "save": {"room": "me.id"}},
    {"join": "${room}"}, )" +
                Chat("${text} ${stamp}", R"({"audience": "${room}", "within": "1500ms"})") +
                R"(, {"leave": "${room}"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Program& program = loaded.program();
  ASSERT_EQ(program.fanouts.size(), 1u);
  const FanOut& fanout = program.fanouts.front();
  EXPECT_EQ(fanout.step, "chat");
  EXPECT_EQ(program.servers.front().protocol->packet(fanout.packet).name, "S_CHAT");
  EXPECT_EQ(fanout.within, 1500ms);
  EXPECT_TRUE(fanout.to_sender);
  EXPECT_TRUE(fanout.stamp.from_end);
  EXPECT_EQ(fanout.stamp.characters, 0u);
  const FlowProgram& flow = loaded.flow();
  ASSERT_TRUE(flow.requests.back().fanout);
  EXPECT_EQ(flow.requests.back().fanout->audience.kind, Expression::Kind::kVariable);
  EXPECT_EQ(flow.fanout_rule, 1);
  EXPECT_EQ(flow.rules, 3);
  EXPECT_EQ(flow.code[2].op, Op::kJoin);
  EXPECT_EQ(flow.code[4].op, Op::kLeave);
}

TEST(AudienceTest, ASendNamesPacketAndFieldItself) {
  const Loaded loaded = LoadSteps(kJoin + R"(
    {"send": "C_CHAT", "fields": {"msg": "[${stamp}] ${text}"},
     "fanout": {"audience": "town", "packet": "S_CHAT", "field": "msg", "self": false}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FanOut& fanout = loaded.program().fanouts.front();
  EXPECT_FALSE(fanout.to_sender);
  EXPECT_FALSE(fanout.stamp.from_end);
  EXPECT_EQ(fanout.stamp.characters, 1u);
  EXPECT_EQ(fanout.within, 2s);
  EXPECT_TRUE(loaded.flow().sends.front().fanout);
}

TEST(AudienceTest, GroupsThatShareAFlowShareItsFanOuts) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:7777"}},
  "groups": {
    "a": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"},
    "b": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"join": "town"}, )" +
                                 Chat("${stamp}", R"({"audience": "town"})") + R"(]},
  "thresholds": {"fanout_delivered{step:chat}": ["rate==1"], "fanout_delay": ["p(99)<1s"]}
})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.program().fanouts.size(), 1u);
  EXPECT_EQ(loaded.program().groups[1].flow.requests.front().fanout->fanout, 0);
}

TEST(AudienceTest, SendersWithoutMembersAndMembersWithoutSendersAreWarnedOf) {
  const auto warning = [](const std::string& steps) {
    const Loaded loaded = LoadSteps(steps);
    EXPECT_TRUE(loaded.scenario) << loaded.errors.ToString();
    for (const Diagnostic& diagnostic : loaded.scenario->warnings)
      if (diagnostic.message.find("nothing is counted") != std::string::npos)
        return diagnostic.path;
    return std::string("none");
  };
  EXPECT_EQ(warning(Chat("${stamp}", R"({"audience": "town"})")), "flows.main[1].fanout");
  EXPECT_EQ(warning(kJoin + R"({"think": "1s"})"), "flows.main[1].join");
  EXPECT_EQ(warning(kJoin + Chat("${stamp}", R"({"audience": "town"})")), "none");
}

TEST(AudienceTest, MistakesAreToldWithTheirPlace) {
  struct Mistake {
    std::string step, path, words;
  };
  const std::string send = R"({"send": "C_CHAT", "fields": {"msg": "${stamp}"}, "fanout": )";
  const std::vector<Mistake> mistakes = {
      {Chat("hello", R"({"audience": "a"})"), "flows.main[2].fanout", "needs ${stamp}"},
      {Chat("${text} ${stamp} ${text}", R"({"audience": "a"})"), "flows.main[2].fanout",
       "cannot find the stamp"},
      {Chat("${stamp}", R"({"within": "1s"})"), "flows.main[2].fanout", "\"audience\" is missing"},
      {Chat("${stamp}", R"({"audience": "a", "within": "5m"})"), "flows.main[2].fanout.within",
       "at most 60s"},
      {Chat("${stamp}", R"({"audience": "a", "withn": "1s"})"), "flows.main[2].fanout.withn",
       "did you mean \"within\"?"},
      {Chat("${stamp}", R"({"audience": "${text}"})"), "flows.main[2].fanout.audience",
       "drawn anew"},
      {Chat("${stamp}", R"({"audience": "a", "field": "playerId"})"), "flows.main[2].fanout.field",
       "a text field"},
      {send + R"({"audience": "a"}})", "flows.main[2].fanout", "needs the \"packet\""},
      {send + R"({"audience": "a", "packet": "S_CHAT"}})", "flows.main[2].fanout",
       "cannot tell which field"},
      {send + R"({"audience": "a", "packet": "S_CHT", "field": "msg"}})",
       "flows.main[2].fanout.packet", "did you mean \"S_CHAT\"?"},
      {R"({"join": "${text}"})", "flows.main[2].join", "drawn anew"},
      {R"({"leave": "a", "within": "1s"})", "flows.main[2].within", "unknown key"},
  };
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadSteps(kJoin + mistake.step);
    ASSERT_EQ(loaded.errors.list().size(), 1u) << mistake.step << "\n" << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list().front().path, mistake.path);
    EXPECT_NE(loaded.errors.list().front().message.find(mistake.words), std::string::npos)
        << loaded.errors.ToString();
  }
}

TEST(AudienceTest, AThresholdNeedsAFanOut) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:7777"}},
  "groups": {"a": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"think": "1s"}]},
  "thresholds": {"fanout_delivered": ["rate==1"]}
})");
  ASSERT_EQ(loaded.errors.list().size(), 1u) << loaded.errors.ToString();
  EXPECT_NE(loaded.errors.list().front().message.find("\"fanout\""), std::string::npos);
}

}  // namespace
}  // namespace stressbot
