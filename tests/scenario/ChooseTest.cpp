#include <gtest/gtest.h>

#include "ScenarioText.h"
#include "StressBot/scenario/Needs.h"

namespace stressbot {
namespace {

using Op = Instruction::Op;

std::vector<Op> OpsOf(const FlowProgram& flow) {
  std::vector<Op> ops;
  for (const Instruction& instruction : flow.code) ops.push_back(instruction.op);
  return ops;
}

TEST(ChooseTest, OptionsLieBehindEachOtherAndEndAlike) {
  const Loaded loaded = LoadSteps(R"(
    {"choose": [
      {"weight": 2.5, "steps": [{"set": {"x": 1}}, {"call": "other"}]},
      {"weight": 0, "steps": [{"think": "2s"}]},
      {"steps": []}]},
    {"send": "C_CHAT", "fields": {"msg": "${x}"}}
  ], "other": [{"think": "1s"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  EXPECT_EQ(OpsOf(flow),
            (std::vector<Op>{Op::kConnect, Op::kChoose, Op::kSet, Op::kThink, Op::kChooseEnd,
                             Op::kThink, Op::kChooseEnd, Op::kChooseEnd, Op::kSend, Op::kEnd}));
  ASSERT_EQ(flow.chooses.size(), 1U);
  const ChooseStep& choose = flow.chooses[0];
  ASSERT_EQ(choose.options.size(), 3U);
  EXPECT_EQ(choose.options[0].weight_up_to, 2.5);
  EXPECT_EQ(choose.options[1].weight_up_to, 2.5);
  EXPECT_EQ(choose.options[2].weight_up_to, 3.5);
  EXPECT_EQ(choose.options[0].begin, 2);
  EXPECT_EQ(choose.options[1].begin, 5);
  EXPECT_EQ(choose.options[2].begin, 7);
  EXPECT_EQ(choose.after, 8);
}

TEST(ChooseTest, OnlyWhatAllOptionsAgreeUponIsCertainOfConnections) {
  const Loaded uncertain = LoadSteps(R"(
    {"choose": [{"steps": [{"disconnect": "reset"}]}, {"steps": [{"think": "1s"}]}]},
    {"send": "C_CHAT"}, {"disconnect": "orderly"})");
  EXPECT_TRUE(uncertain.scenario) << uncertain.errors.ToString();
  const Loaded certain = LoadSteps(R"(
    {"choose": [{"steps": [{"disconnect": "reset"}]}, {"steps": [{"disconnect": "orderly"}]}]},
    {"send": "C_CHAT"})");
  ASSERT_EQ(certain.errors.list().size(), 1U);
  EXPECT_NE(certain.errors.ToString().find("is not connected"), std::string::npos);
}

TEST(ChooseTest, PacketsASecondAreTheMeanByWeight) {
  const Loaded loaded = LoadSteps(R"(
    {"repeat": "until-stop", "every": "1s", "steps": [
      {"send": "C_CHAT"},
      {"choose": [{"weight": 3, "steps": [{"send": "C_CHAT"}, {"send": "C_CHAT"}]},
                  {"weight": 1, "steps": []}]}]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const Group& group = loaded.program().groups[0];
  EXPECT_DOUBLE_EQ(PacketsPerSecond(group), 2.5 * group.BotsMax());
}

TEST(ChooseTest, MarksHaveOneNumberThroughoutTheScenario) {
  const Loaded loaded = LoadSteps(R"(
    {"mark": "in"}, {"choose": [{"steps": [{"mark": "boss"}]}, {"steps": [{"mark": "in"}]}]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.program().marks, (std::vector<std::string>{"in", "boss"}));
  ASSERT_EQ(loaded.flow().marks.size(), 3U);
  EXPECT_EQ(loaded.flow().marks[1].mark, 1);
  EXPECT_EQ(loaded.flow().marks[2].mark, 0);
}

TEST(ChooseTest, MistakesAreToldAtTheirPlace) {
  struct Mistake {
    const char *step, *path, *words;
  };
  const std::vector<Mistake> mistakes = {
      {R"({"choose": []})", "flows.main[1].choose", "at least one option"},
      {R"({"choose": {"a": []}})", "flows.main[1].choose", "list"},
      {R"({"choose": [{"weight": 0, "steps": []}]})", "flows.main[1].choose", "above 0"},
      {R"({"choose": [{"weight": -1, "steps": []}, {"steps": []}]})",
       "flows.main[1].choose[0].weight", "between 0 and"},
      {R"({"choose": [{"wieght": 1, "steps": []}]})", "flows.main[1].choose[0].wieght",
       "did you mean \"weight\"?"},
      {R"({"choose": [{"weight": 1}]})", "flows.main[1].choose[0]", "\"steps\" is missing"},
      {R"({"choose": [{"steps": [{"send": "C_CHATT"}]}]})", "flows.main[1].choose[0].steps[0].send",
       "did you mean \"C_CHAT\"?"},
      {R"({"mark": ""})", "flows.main[1].mark", "needs a name"},
      {R"({"mark": "at ${loop}"})", "flows.main[1].mark", "one name for all bots"},
      {R"({"mark": 5})", "flows.main[1].mark", "text"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadSteps(mistake.step);
    ASSERT_EQ(loaded.errors.list().size(), 1U) << mistake.step << "\n" << loaded.errors.ToString();
    const Diagnostic& error = loaded.errors.list().front();
    EXPECT_EQ(error.path, mistake.path) << error.ToString();
    EXPECT_NE(error.message.find(mistake.words), std::string::npos) << error.ToString();
  }
}

}  // namespace
}  // namespace stressbot
