#include <gtest/gtest.h>

#include <array>
#include <map>

#include "StressBot/engine/Evaluator.h"
#include "tests/engine/FlowBuilder.h"
#include "tests/engine/ScriptedServer.h"

namespace stressbot::testing {
namespace {

using Kind = Expression::Kind;

class FixedStamp final : public StampWriter {
 public:
  void AppendStamp(std::string& out) override { out += "<" + std::to_string(++count_) + ">"; }

 private:
  int count_ = 0;
};

class CountedDraws final : public RandomSource {
 public:
  Random& Get() override {
    ++asked;
    return random_;
  }
  int asked = 0;

 private:
  Random random_{1};
};

class EvaluatorTest : public ::testing::Test {
 protected:
  EvaluatorTest() {
    context_.bot_id = 12;
    context_.iteration = 3;
    context_.variables = variables_;
    context_.loops = loops_;
    context_.arguments = arguments_;
    context_.stamps = &stamps_;
    context_.random = &draws_;
    loops_[1].count = 9;
  }
  Value Of(const Expression& expression) {
    Value out;
    Evaluate(expression, context_, out);
    return out;
  }
  static Expression Int(std::int64_t value) { return Literal(value); }
  static Expression Text(std::string text) { return Literal(std::move(text)); }

  std::array<Value, 2> variables_{Value(std::int64_t{5}), Value(std::string("five"))};
  std::array<LoopFrame, 2> loops_{};
  std::array<Value, 1> arguments_{Value(std::string("sent"))};
  FixedStamp stamps_;
  CountedDraws draws_;
  EvaluationContext context_;
};

TEST_F(EvaluatorTest, NamesWhatThereIs) {
  EXPECT_EQ(Of(Variable(1)), Value(std::string("five")));
  EXPECT_EQ(Of(testing::Of(Kind::kBotId)), Value(std::uint64_t{12}));
  EXPECT_EQ(Of(testing::Of(Kind::kIteration)), Value(std::uint64_t{3}));
  EXPECT_EQ(Of(testing::Of(Kind::kLoop, 1)), Value(std::uint64_t{9}));
  EXPECT_EQ(Of(Sent(0)), Value(std::string("sent")));
  EXPECT_EQ(Of(Stamp()), Value(std::string("<1>")));
  EXPECT_EQ(Of(Join({Text("a "), Variable(0), Text(" "), Stamp(), testing::Of(Kind::kBotId)})),
            Value(std::string("a 5 <2>12")));
}

TEST_F(EvaluatorTest, ReadsTheFieldOfAPacket) {
  const std::string bytes = Wire().Number(1, 77).Text(2, "hello").bytes();
  context_.packet = std::as_bytes(std::span(bytes));
  Expression field = testing::Of(Kind::kPacketField);
  field.field = FlowBuilder(ChatProtocol()).Path("S_CHAT", "msg");
  EXPECT_EQ(Of(field), Value(std::string("hello")));
  context_.packet = context_.packet.first(4);  // in the middle of the text
  EXPECT_EQ(Of(field), Value());
}

TEST_F(EvaluatorTest, CalculatesWholeNumbersAndOthers) {
  EXPECT_EQ(Of(Combine(Kind::kAdd, Int(2), Variable(0))), Value(std::int64_t{7}));
  EXPECT_EQ(Of(Combine(Kind::kSub, Int(2), Int(5))), Value(std::int64_t{-3}));
  EXPECT_EQ(Of(Combine(Kind::kMul, Int(-4), Int(5))), Value(std::int64_t{-20}));
  EXPECT_EQ(Of(Combine(Kind::kMod, Int(17), Int(5))), Value(std::int64_t{2}));
  EXPECT_EQ(Of(Combine(Kind::kMod, Int(17), Int(0))), Value(std::int64_t{0}));
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(Of(Combine(Kind::kMod, Int(kLeast), Int(-1))), Value(std::int64_t{0}));
  EXPECT_EQ(Of(Combine(Kind::kSub, Int(kLeast), Int(1))),
            Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(Of(Combine(Kind::kAdd, Literal(0.5), Int(1))), Value(1.5));
  EXPECT_EQ(Of(Combine(Kind::kMod, Literal(5.5), Int(2))), Value(1.5));
  EXPECT_EQ(Of(Combine(Kind::kMod, Literal(5.5), Int(0))), Value(0.0));
}

TEST_F(EvaluatorTest, DrawsOnlyWhereSomethingIsDrawn) {
  Of(Join({Text("a"), Variable(0), Stamp()}));
  EXPECT_EQ(draws_.asked, 0);
  std::map<std::int64_t, int> dice;
  for (int i = 0; i < 6'000; ++i) ++dice[std::get<std::int64_t>(Of(DrawUniform(1, 6, true)))];
  ASSERT_EQ(dice.size(), 6U);
  for (const auto& [face, count] : dice) EXPECT_NEAR(count, 1'000, 150) << face;
  std::map<Value, int> picks;
  for (int i = 0; i < 3'000; ++i) ++picks[Of(PickOf({Int(1), Text("two"), Variable(1)}))];
  ASSERT_EQ(picks.size(), 3U);
  for (const auto& [choice, count] : picks) EXPECT_NEAR(count, 1'000, 150);
}

TEST_F(EvaluatorTest, ATextKeepsItsMemory) {
  Value out = std::string(200, 'x');
  const char* memory = std::get<std::string>(out).data();
  for (const Expression& text :
       {Text(std::string(100, 'y')), Join({Text(std::string(60, 'z')), Stamp()}), Stamp()}) {
    Evaluate(text, context_, out);
    EXPECT_EQ(std::get<std::string>(out).data(), memory);
  }
}

TEST_F(EvaluatorTest, TestsConditions) {
  const std::string bytes = Wire().Number(1, 77).Text(2, "hello").bytes();
  const auto payload = std::as_bytes(std::span(bytes));
  const FlowBuilder flow(ChatProtocol());
  const auto test = [&](const char* field, CompareOp op, std::vector<Expression> expected,
                        FieldPath::Want want = FieldPath::Want::kValue) {
    Value room;
    return MatchOf({flow.Path("S_CHAT", field), want, op, std::move(expected)}, payload, context_,
                   room);
  };
  EXPECT_EQ(test("playerId", CompareOp::kEq, {Int(77)}), Match::kYes);
  EXPECT_EQ(test("playerId", CompareOp::kNe, {Int(77)}), Match::kNo);
  EXPECT_EQ(test("playerId", CompareOp::kLt, {Int(78)}), Match::kYes);
  EXPECT_EQ(test("playerId", CompareOp::kLe, {Int(76)}), Match::kNo);
  EXPECT_EQ(test("playerId", CompareOp::kGt, {Literal(76.5)}), Match::kYes);
  EXPECT_EQ(test("playerId", CompareOp::kGe, {Int(78)}), Match::kNo);
  EXPECT_EQ(test("playerId", CompareOp::kIn, {Int(1), Int(77)}), Match::kYes);
  EXPECT_EQ(test("playerId", CompareOp::kIn, {Int(1), Int(2)}), Match::kNo);
  EXPECT_EQ(test("msg", CompareOp::kEq, {Text("hello")}), Match::kYes);
  EXPECT_EQ(test("msg", CompareOp::kEq, {Int(1)}), Match::kNo);  // a text is never a number
  EXPECT_EQ(test("msg", CompareOp::kNe, {Int(1)}), Match::kYes);
  EXPECT_EQ(test("msg", CompareOp::kEq, {Int(5)}, FieldPath::Want::kSize), Match::kYes);
  EXPECT_EQ(test("msg", CompareOp::kEq, {Literal(true)}, FieldPath::Want::kExists), Match::kYes);
  Value room;
  const Condition condition{
      flow.Path("S_CHAT", "msg"), FieldPath::Want::kValue, CompareOp::kEq, {Text("hello")}};
  EXPECT_EQ(MatchOf(condition, payload.first(4), context_, room), Match::kMalformed);
}

}  // namespace
}  // namespace stressbot::testing
