#include "StressBot/engine/Evaluator.h"

#include <cmath>
#include <span>

#include "ServerCore/packet/Unicode.h"
#include "StressBot/engine/FeedRows.h"

namespace stressbot {

namespace {

std::string& TextIn(Value& out) {
  if (!std::holds_alternative<std::string>(out)) out.emplace<std::string>();
  std::string& text = std::get<std::string>(out);
  text.clear();
  return text;
}

double AsDouble(const Value& value) {
  if (const auto* v = std::get_if<double>(&value)) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&value)) return static_cast<double>(*v);
  if (const auto* v = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*v);
  if (const auto* v = std::get_if<bool>(&value)) return *v ? 1 : 0;
  return 0;
}

bool IsDouble(const Value& value) { return std::holds_alternative<double>(value); }

std::int64_t AsWhole(const Value& value) {
  if (const auto* v = std::get_if<std::int64_t>(&value)) return *v;
  if (const auto* v = std::get_if<std::uint64_t>(&value)) return static_cast<std::int64_t>(*v);
  return static_cast<std::int64_t>(AsDouble(value));
}

/// Whole numbers stay whole and wrap like unsigned ones: an overflow is the scenario's wish.
Value Calculate(Expression::Kind kind, const Value& left, const Value& right) {
  using Kind = Expression::Kind;
  if (IsDouble(left) || IsDouble(right)) {
    const double a = AsDouble(left);
    const double b = AsDouble(right);
    switch (kind) {
      case Kind::kAdd:
        return a + b;
      case Kind::kSub:
        return a - b;
      case Kind::kMul:
        return a * b;
      default:
        return b == 0 ? 0.0 : std::fmod(a, b);
    }
  }
  const auto a = static_cast<std::uint64_t>(AsWhole(left));
  const auto b = static_cast<std::uint64_t>(AsWhole(right));
  switch (kind) {
    case Kind::kAdd:
      return static_cast<std::int64_t>(a + b);
    case Kind::kSub:
      return static_cast<std::int64_t>(a - b);
    case Kind::kMul:
      return static_cast<std::int64_t>(a * b);
    default:
      break;
  }
  const std::int64_t divisor = AsWhole(right);
  if (divisor == 0 || divisor == -1) return std::int64_t{0};
  return AsWhole(left) % divisor;
}

void Draw(const Expression& expression, Random& random, Value& out) {
  const Distribution& distribution = expression.distribution;
  if (!expression.whole) {
    out = random.Draw(distribution);
  } else if (distribution.kind == Distribution::Kind::kUniform) {  // both ends included
    const double span = std::floor(distribution.b - distribution.a) + 1;
    out = static_cast<std::int64_t>(distribution.a + std::floor(random.NextUnit() * span));
  } else {
    out = static_cast<std::int64_t>(std::llround(random.Draw(distribution)));
  }
}

const Expression& Pick(const Expression& expression, Random& random) {
  return expression.operands[random.Next() % expression.operands.size()];
}

void Concatenate(const Expression& expression, const EvaluationContext& context, Value& out) {
  std::string& text = TextIn(out);
  for (const Expression& operand : expression.operands) {
    if (operand.kind == Expression::Kind::kStamp) {
      context.stamps->AppendStamp(text);
    } else {
      Value room;
      AppendText(ValueOf(operand, context, room), text);
    }
  }
}

bool Satisfies(CompareOp op, const FieldView& left, const Value& right) {
  const int order = Compare(left, right);
  if (order == 2) return op == CompareOp::kNe;  // a text is never a number
  switch (op) {
    case CompareOp::kEq:
    case CompareOp::kIn:
      return order == 0;
    case CompareOp::kNe:
      return order != 0;
    case CompareOp::kLt:
      return order < 0;
    case CompareOp::kLe:
      return order <= 0;
    case CompareOp::kGt:
      return order > 0;
    case CompareOp::kGe:
      return order >= 0;
  }
  return false;
}

}  // namespace

void Store(const FieldView& view, Value& out) {
  if (view.kind == FieldView::Kind::kText) {
    TextIn(out).assign(view.text);
  } else if (view.kind == FieldView::Kind::kUtf16) {
    servercore::AppendUtf16AsUtf8(std::as_bytes(std::span(view.text)), TextIn(out));
  } else {
    out = view.ToValue();
  }
}

const Value& ValueOf(const Expression& expression, const EvaluationContext& context, Value& room) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kLiteral:
      return expression.literal;
    case Kind::kVariable:
      return context.variables[expression.slot];
    case Kind::kSentField:
      return context.arguments[expression.slot];
    case Kind::kFeedField:
      return context.feeds->At(expression.slot, expression.column, context.bot_number,
                               context.iteration);
    case Kind::kPick:
      return ValueOf(Pick(expression, context.random->Get()), context, room);
    default:
      Evaluate(expression, context, room);
      return room;
  }
}

void Evaluate(const Expression& expression, const EvaluationContext& context, Value& out) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kLiteral:
    case Kind::kVariable:
    case Kind::kSentField:
    case Kind::kFeedField:
      out = ValueOf(expression, context, out);
      return;
    case Kind::kPick:
      Evaluate(Pick(expression, context.random->Get()), context, out);
      return;
    case Kind::kBotId:
      out = context.bot_id;
      return;
    case Kind::kIteration:
      out = context.iteration;
      return;
    case Kind::kLoop:
      out = context.loops[expression.slot].count;
      return;
    case Kind::kStamp:
      context.stamps->AppendStamp(TextIn(out));
      return;
    case Kind::kPacketField: {
      FieldView view;
      const ReadStatus status =
          expression.field.Read(context.packet, FieldPath::Want::kValue, view);
      if (status != ReadStatus::kOk) view = FieldView{};
      Store(view, out);
      return;
    }
    case Kind::kConcat:
      Concatenate(expression, context, out);
      return;
    case Kind::kDraw:
      Draw(expression, context.random->Get(), out);
      return;
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kMul:
    case Kind::kMod: {
      Value left_room;
      Value right_room;
      const Value& left = ValueOf(expression.operands[0], context, left_room);
      const Value& right = ValueOf(expression.operands[1], context, right_room);
      out = Calculate(expression.kind, left, right);
      return;
    }
  }
}

Match MatchOf(const Condition& condition, std::span<const std::byte> payload,
              std::span<const Value> expected) {
  FieldView view;
  if (condition.field.Read(payload, condition.want, view) != ReadStatus::kOk)
    return Match::kMalformed;
  for (const Value& value : expected) {
    if (Satisfies(condition.op, view, value)) return Match::kYes;
  }
  return Match::kNo;
}

Match MatchOf(const Condition& condition, std::span<const std::byte> payload,
              const EvaluationContext& context, Value& room) {
  FieldView view;
  if (condition.field.Read(payload, condition.want, view) != ReadStatus::kOk)
    return Match::kMalformed;
  for (const Expression& expression : condition.expected) {
    if (Satisfies(condition.op, view, ValueOf(expression, context, room))) return Match::kYes;
  }
  return Match::kNo;
}

}  // namespace stressbot
