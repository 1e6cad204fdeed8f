#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Op = Instruction::Op;

std::vector<Op> Ops(const FlowProgram& flow) {
  std::vector<Op> ops;
  for (const Instruction& instruction : flow.code) ops.push_back(instruction.op);
  return ops;
}

TEST(FlowTest, ARepeatIsItsBodyAndAnEnd) {
  const Loaded loaded = LoadSteps(R"(
    {"repeat": "until-stop", "every": "250ms", "align": true, "late": "catch-up", "steps": [
      {"set": {"n": "${loop}"}},
      {"request": "C_CHAT", "fields": {"msg": "${loop}."}, "expect": "S_CHAT"}]},
    {"repeat": 3, "steps": [{"think": "1s"}]},
    {"repeat": "10s", "steps": [{"think": "1s"}]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  EXPECT_EQ(Ops(flow), (std::vector<Op>{Op::kConnect, Op::kRepeat, Op::kSet, Op::kRequest,
                                        Op::kRepeatEnd, Op::kRepeat, Op::kThink, Op::kRepeatEnd,
                                        Op::kRepeat, Op::kThink, Op::kRepeatEnd, Op::kEnd}));
  ASSERT_EQ(flow.repeats.size(), 3u);
  const RepeatStep& grid = flow.repeats[0];
  EXPECT_EQ(grid.mode, RepeatStep::Mode::kUntilStop);
  EXPECT_EQ(grid.every, 250ms);
  EXPECT_TRUE(grid.align);
  EXPECT_EQ(grid.late, Late::kCatchUp);
  EXPECT_EQ(grid.body, 2);
  EXPECT_EQ(grid.after, 5);
  EXPECT_EQ(grid.first_request, 0);
  EXPECT_EQ(flow.repeats[1].count, 3u);
  EXPECT_EQ(flow.repeats[1].loop, 1);
  EXPECT_EQ(flow.repeats[1].first_request, kNone16);
  EXPECT_EQ(flow.repeats[2].mode, RepeatStep::Mode::kDuration);
  EXPECT_EQ(flow.repeats[2].duration, 10s);
  EXPECT_EQ(flow.loops, 3);
  EXPECT_EQ(flow.code[4].index, 0);
  EXPECT_EQ(flow.code[7].index, 1);
}

TEST(FlowTest, BranchesHaveTheirOwnPositionsAndShareTheRest) {
  const Loaded loaded = LoadSteps(R"(
    {"parallel": {
      "a": [{"think": "1s"}],
      "b": [{"parallel": {"c": [{"set": {"x": 1}}], "d": [{"think": "${"}]}}]}})");
  EXPECT_FALSE(loaded.scenario);  // a think takes no reference

  const Loaded good = LoadSteps(R"(
    {"parallel": {
      "a": [{"think": "1s"}],
      "b": [{"parallel": {"c": [{"set": {"x": 1}}], "d": [{"think": "2s"}]}}]}},
    {"parallel": {"e": [{"think": "3s"}]}})");
  ASSERT_TRUE(good.scenario) << good.errors.ToString();
  const FlowProgram& flow = good.flow();
  EXPECT_EQ(Ops(flow),
            (std::vector<Op>{Op::kConnect, Op::kParallel, Op::kThink, Op::kBranchEnd, Op::kParallel,
                             Op::kSet, Op::kBranchEnd, Op::kThink, Op::kBranchEnd, Op::kBranchEnd,
                             Op::kParallel, Op::kThink, Op::kBranchEnd, Op::kEnd}));
  ASSERT_EQ(flow.parallels.size(), 3u);
  EXPECT_EQ(flow.parallels[0].branches[0].position, 1);
  EXPECT_EQ(flow.parallels[0].branches[0].begin, 2);
  EXPECT_EQ(flow.parallels[0].branches[1].position, 2);
  EXPECT_EQ(flow.parallels[0].branches[1].begin, 4);
  EXPECT_EQ(flow.parallels[0].after, 10);
  EXPECT_EQ(flow.parallels[1].branches[0].position, 3);
  EXPECT_EQ(flow.parallels[1].branches[1].position, 4);
  EXPECT_EQ(flow.parallels[1].after, 9);
  EXPECT_EQ(flow.parallels[2].branches[0].position, 1);  // the earlier branches have ended
  EXPECT_EQ(flow.positions, 5);
}

TEST(FlowTest, CallsAreInlinedAndKeepTheNameOfTheirFlow) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "main", "bots": 1, "duration": "1s"}},
  "flows": {
    "login": [{"connect": "game"},
      {"request": "C_LOGIN", "expect": "S_LOGIN", "save": {"me": "me.id"}}],
    "main": [{"call": "login"}, {"send": "C_MOVE", "fields": {"place": {"objectId": "${me}"}}},
      {"disconnect": "orderly"}, {"call": "login"}]}
})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  EXPECT_EQ(Ops(flow), (std::vector<Op>{Op::kConnect, Op::kRequest, Op::kSend, Op::kDisconnect,
                                        Op::kConnect, Op::kRequest, Op::kEnd}));
  EXPECT_EQ(flow.requests[0].flow, "login");
  EXPECT_EQ(flow.sends[0].flow, "main");
  EXPECT_EQ(flow.rules, 2);
  EXPECT_EQ(flow.variables, (std::vector<std::string>{"me"}));
}

TEST(FlowTest, SixtyFourAwaitedPacketsFitAndOneMoreIsRefused) {
  std::string steps;
  for (int i = 0; i < 64; ++i) steps += std::string(i > 0 ? ",\n" : "") + R"({"expect": "S_CHAT"})";
  EXPECT_TRUE(LoadSteps(steps).scenario);
  const Loaded loaded = LoadSteps(steps + ",\n{\"listen\": \"S_PING\"}");
  ASSERT_EQ(loaded.errors.list().size(), 1u) << loaded.errors.ToString();
  EXPECT_EQ(loaded.errors.list().front().line, kFirstStepLine + 64);
  EXPECT_NE(loaded.errors.list().front().message.find("64"), std::string::npos);
}

TEST(FlowTest, InliningThatGrowsWithoutMeasureIsRefusedInsteadOfFillingMemory) {
  std::string flows = R"("f0": [{"think": "1s"}, {"think": "1s"}])";
  for (int i = 1; i < 40; ++i) {
    const std::string call = R"({"call": "f)" + std::to_string(i - 1) + "\"}";
    flows += ",\n\"f" + std::to_string(i) + "\": [" + call + "," + call + "]";
  }
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "f39", "bots": 1, "duration": "1s"}},
  "flows": {)" + flows + "}}");
  ASSERT_EQ(loaded.errors.list().size(), 1u);
  EXPECT_NE(loaded.errors.list().front().message.find("20000 steps"), std::string::npos);
}

}  // namespace
}  // namespace stressbot
