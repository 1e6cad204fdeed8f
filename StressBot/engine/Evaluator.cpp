#include "StressBot/engine/Evaluator.h"

#include <cmath>

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

void Draw(const Expression& expression, const EvaluationContext& context, Value& out) {
  const Distribution& distribution = expression.distribution;
  if (!expression.whole) {
    out = context.random->Draw(distribution);
  } else if (distribution.kind == Distribution::Kind::kUniform) {  // both ends included
    const double span = std::floor(distribution.b - distribution.a) + 1;
    out = static_cast<std::int64_t>(distribution.a + std::floor(context.random->NextUnit() * span));
  } else {
    out = static_cast<std::int64_t>(std::llround(context.random->Draw(distribution)));
  }
}

void Concatenate(const Expression& expression, const EvaluationContext& context, Value& out) {
  std::string& text = TextIn(out);
  for (const Expression& operand : expression.operands) {
    if (operand.kind == Expression::Kind::kStamp) {
      context.stamps->AppendStamp(text);
    } else if (operand.kind == Expression::Kind::kLiteral) {
      AppendText(operand.literal, text);
    } else {
      Value part;
      Evaluate(operand, context, part);
      AppendText(part, text);
    }
  }
}

}  // namespace

void Evaluate(const Expression& expression, const EvaluationContext& context, Value& out) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kLiteral:
      out = expression.literal;
      return;
    case Kind::kVariable:
      out = context.variables[expression.slot];
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
      out = status == ReadStatus::kOk ? view.ToValue() : Value();
      return;
    }
    case Kind::kSentField:
      out = context.arguments[expression.slot];
      return;
    case Kind::kConcat:
      Concatenate(expression, context, out);
      return;
    case Kind::kPick:
      Evaluate(expression.operands[context.random->Next() % expression.operands.size()], context,
               out);
      return;
    case Kind::kDraw:
      Draw(expression, context, out);
      return;
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kMul:
    case Kind::kMod: {
      Value left;
      Value right;
      Evaluate(expression.operands[0], context, left);
      Evaluate(expression.operands[1], context, right);
      out = Calculate(expression.kind, left, right);
      return;
    }
  }
}

}  // namespace stressbot
