#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using Kind = Expression::Kind;

/// The expression of a set step.
Expression Compiled(const std::string& json, const ScenarioOptions& options = {}) {
  const Loaded loaded = LoadText(FlowText("{\"set\": {\"v\": " + json + "}}"), options);
  if (!loaded.scenario) {
    ADD_FAILURE() << loaded.errors.ToString();
    return {};
  }
  return loaded.flow().sets.front().assignments.front().value;
}

TEST(ExpressionTest, LiteralsKeepTheirTypes) {
  EXPECT_EQ(Compiled("true").literal, Value(true));
  EXPECT_EQ(Compiled("-3").literal, Value(std::int64_t{-3}));
  EXPECT_EQ(Compiled("18446744073709551615").literal, Value(UINT64_MAX));
  EXPECT_EQ(Compiled("0.5").literal, Value(0.5));
  EXPECT_EQ(Compiled("\"\"").literal, Value(std::string()));
  EXPECT_EQ(Compiled("\"a $ b } c\"").literal, Value(std::string("a $ b } c")));
}

TEST(ExpressionTest, ATextOfOneReferenceKeepsItsTypeAndOthersAreTexts) {
  EXPECT_EQ(Compiled("\"${five}\"").literal, Value(std::int64_t{5}));
  EXPECT_EQ(Compiled("\"n${five}${five}\"").literal, Value(std::string("n55")));
  EXPECT_EQ(Compiled("\"${bot.id}\"").kind, Kind::kBotId);
  EXPECT_EQ(Compiled("\"${iteration}\"").kind, Kind::kIteration);
  EXPECT_EQ(Compiled("\"${stamp}\"").kind, Kind::kStamp);
  EXPECT_EQ(Compiled("\"${v}\"").kind, Kind::kVariable);
  const Expression text = Compiled("\"a ${bot.id} b${five} ${stamp}\"");
  EXPECT_EQ(text.kind, Kind::kConcat);
  ASSERT_EQ(text.operands.size(), 4u);
  EXPECT_EQ(text.operands[2].literal, Value(std::string(" b5 ")));
}

TEST(ExpressionTest, AVariableOfTheScenarioIsDrawnAnewAtEachUse) {
  const Expression text = Compiled("\"${text}\"");
  EXPECT_EQ(text.kind, Kind::kPick);
  EXPECT_EQ(text.operands.size(), 2u);
}

TEST(ExpressionTest, UniformOfWholeNumbersDrawsWholeNumbers) {
  const Expression whole = Compiled(R"({"uniform": [0, 100]})");
  EXPECT_EQ(whole.kind, Kind::kDraw);
  EXPECT_TRUE(whole.whole);
  EXPECT_EQ(whole.distribution.b, 100);
  EXPECT_FALSE(Compiled(R"({"uniform": [0, 1.5]})").whole);
  EXPECT_EQ(Compiled(R"({"uniform": [1, "${five}"]})").distribution.b, 5);
  EXPECT_FALSE(Compiled(R"({"exponential": {"mean": 3}})").whole);
  EXPECT_EQ(Compiled(R"({"normal": {"mean": 3, "deviation": 2}})").distribution.b, 2);
}

TEST(ExpressionTest, OperationsNest) {
  const Expression sum = Compiled(R"({"add": ["${v}", {"uniform": [-1, 1]}]})");
  EXPECT_EQ(sum.kind, Kind::kAdd);
  ASSERT_EQ(sum.operands.size(), 2u);
  EXPECT_EQ(sum.operands[0].kind, Kind::kVariable);
  EXPECT_EQ(sum.operands[1].kind, Kind::kDraw);
}

TEST(ExpressionTest, TheEnvironmentGivesNumbersAndTexts) {
  ScenarioOptions options;
  options.environment = [](const std::string& name) {
    return name == "N" ? std::optional<std::string>("7") : std::nullopt;
  };
  EXPECT_EQ(Compiled("\"${env.N}\"", options).literal, Value(std::int64_t{7}));
  EXPECT_EQ(Compiled("\"${env.N:9}\"", options).literal, Value(std::int64_t{7}));
  EXPECT_EQ(Compiled("\"${env.M:a:b}\"", options).literal, Value(std::string("a:b")));
  EXPECT_EQ(Compiled("\"${env.M:\\\"9\\\"}\"", options).literal, Value(std::string("9")));
  EXPECT_EQ(Compiled("\"${env.M:}\"", options).literal, Value(std::string()));
}

TEST(ExpressionTest, VarReplacesAVariableOfTheScenario) {
  ScenarioOptions options;
  options.variables = {{"text", "hello"}, {"five", "6.5"}};
  EXPECT_EQ(Compiled("\"${text}\"", options).literal, Value(std::string("hello")));
  EXPECT_EQ(Compiled("\"${five}\"", options).literal, Value(6.5));
}

}  // namespace
}  // namespace stressbot
