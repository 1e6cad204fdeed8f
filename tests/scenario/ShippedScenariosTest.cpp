#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "ScenarioText.h"
#include "StressBot/scenario/HostileCompiler.h"

namespace stressbot {
namespace {

using Op = Instruction::Op;

TEST(ShippedScenariosTest, LoginEnterChatCompilesAsItIsWritten) {
  Diagnostics errors;
  const auto scenario = LoadScenario(STRESSBOT_SCENARIOS "/login_enter_chat.json", {}, errors);
  ASSERT_TRUE(scenario) << errors.ToString();
  EXPECT_TRUE(scenario->warnings.empty());
  EXPECT_EQ(scenario->thresholds.size(), 6u);
  const Program& program = *scenario->program;
  EXPECT_EQ(program.name, "login_enter_chat");
  ASSERT_EQ(program.groups.size(), 1u);
  const FlowProgram& flow = program.groups.front().flow;
  std::vector<Op> ops;
  for (const Instruction& instruction : flow.code) ops.push_back(instruction.op);
  EXPECT_EQ(ops, (std::vector<Op>{Op::kConnect, Op::kRequest, Op::kRequest, Op::kRepeat,
                                  Op::kRequest, Op::kRepeatEnd, Op::kDisconnect, Op::kEnd}));
  EXPECT_EQ(flow.repeats.front().first_request, 2);
  EXPECT_EQ(flow.repeats.front().after, 6);
  const RequestStep& chat = flow.requests[2];
  EXPECT_EQ(chat.name, "chat");
  EXPECT_EQ(chat.alias, "chat_rtt");
  EXPECT_TRUE(chat.unique_key);
  EXPECT_EQ(program.BotsMax(), 1000u);
  EXPECT_EQ(program.LoadDuration(), std::chrono::seconds(30));
}

TEST(ShippedScenariosTest, TheSameFileGivesTheSameProgram) {
  Diagnostics errors;
  const std::string file = STRESSBOT_SCENARIOS "/login_enter_chat.json";
  const auto first = LoadScenario(file, {}, errors);
  const auto second = LoadScenario(file, {}, errors);
  ASSERT_TRUE(first && second) << errors.ToString();
  EXPECT_EQ(Explain(*first), Explain(*second));
  const FlowProgram& a = first->program->groups.front().flow;
  const FlowProgram& b = second->program->groups.front().flow;
  ASSERT_EQ(a.requests.size(), b.requests.size());
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    std::vector<std::byte> left(4096), right(4096);
    const std::vector<Value> arguments(a.requests[i].send.arguments.size(), Value("same"));
    const std::size_t bytes = a.requests[i].send.content.Encode(left, arguments);
    EXPECT_EQ(bytes, b.requests[i].send.content.Encode(right, arguments));
    EXPECT_EQ(left, right);
  }
}

TEST(ShippedScenariosTest, EveryScenarioLoads) {
  for (const auto& entry : std::filesystem::directory_iterator(STRESSBOT_SCENARIOS)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".json") || name.ends_with(".protocol.json") ||
        name.ends_with(".schema.json"))
      continue;
    Diagnostics errors;
    EXPECT_TRUE(LoadScenario(entry.path(), {}, errors)) << errors.ToString();
  }
}

TEST(ShippedScenariosTest, EveryMisbehaviourHasAScenarioThatSaysWhatGoodServersDo) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(STRESSBOT_SCENARIOS "/hostile")) {
    Diagnostics errors;
    const auto scenario = LoadScenario(entry.path(), {}, errors);
    ASSERT_TRUE(scenario) << errors.ToString();
    EXPECT_EQ(scenario->program->name, entry.path().stem().string());
    EXPECT_NE(scenario->program->description.find(". Good servers "), std::string::npos)
        << scenario->program->name;
    names.push_back(scenario->program->groups[0].flow.hostiles.back().name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, HostileKinds());
}

/// The ```json blocks of a page that begin with `// file: NAME.json`.
std::vector<std::string> ExamplesOf(const std::string& page) {
  std::ifstream file(page);
  std::vector<std::string> examples;
  std::string line, block;
  for (bool inside = false; std::getline(file, line);) {
    if (line.starts_with("```")) {
      if (inside && block.starts_with("// file: ")) examples.push_back(block);
      inside = !inside && line == "```json";
      block.clear();
    } else if (inside) {
      block += line + "\n";
    }
  }
  return examples;
}

TEST(ShippedScenariosTest, ExamplesOfTheDocumentAreScenarios) {
  const auto examples = ExamplesOf(STRESSBOT_DOCS "/SCENARIOS.md");
  EXPECT_GE(examples.size(), 3u);
  for (std::string example : examples) {
    const std::string protocol = "\"chat.protocol.json\"";
    std::size_t at = example.find(protocol);
    ASSERT_NE(at, std::string::npos) << example;
    for (; at != std::string::npos; at = example.find(protocol))
      example.replace(at, protocol.size(), "\"" STRESSBOT_SCENARIOS "/chat.protocol.json\"");
    const Loaded loaded = LoadText(example);
    EXPECT_TRUE(loaded.scenario) << example << loaded.errors.ToString();
    if (loaded.scenario)
      for (const Diagnostic& warning : loaded.scenario->warnings)
        ADD_FAILURE() << warning.ToString();
  }
}

TEST(ShippedScenariosTest, TheDocumentShowsWhatCheckPrints) {
  Diagnostics errors;
  const auto scenario = LoadScenario(STRESSBOT_SCENARIOS "/login_enter_chat.json", {}, errors);
  ASSERT_TRUE(scenario) << errors.ToString();
  std::ifstream file(STRESSBOT_DOCS "/SCENARIOS.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_NE(page.str().find(Explain(*scenario)), std::string::npos) << Explain(*scenario);
}

}  // namespace
}  // namespace stressbot
