#include "StressBot/scenario/ExpressionTraits.h"

#include <algorithm>

namespace stressbot {

ValueClass ClassOf(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return ValueClass::kUnknown;
  if (std::holds_alternative<bool>(value)) return ValueClass::kBool;
  if (std::holds_alternative<std::string>(value)) return ValueClass::kText;
  return ValueClass::kNumber;
}

ValueClass ClassOf(const Expression& expression) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kLiteral:
      return ClassOf(expression.literal);
    case Kind::kStamp:
    case Kind::kConcat:
      return ValueClass::kText;
    case Kind::kBotId:
    case Kind::kIteration:
    case Kind::kLoop:
    case Kind::kDraw:
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kMul:
    case Kind::kMod:
      return ValueClass::kNumber;
    case Kind::kPacketField:
      return ClassOf(expression.field.scalar());
    case Kind::kPick: {
      const ValueClass first = ClassOf(expression.operands.front());
      const bool alike = std::all_of(expression.operands.begin(), expression.operands.end(),
                                     [&](const Expression& e) { return ClassOf(e) == first; });
      return alike ? first : ValueClass::kUnknown;
    }
    case Kind::kVariable:
    case Kind::kSentField:
    case Kind::kFeedField:
      return ValueClass::kUnknown;
  }
  return ValueClass::kUnknown;
}

ValueClass ClassOf(FieldPath::Scalar scalar) {
  using Scalar = FieldPath::Scalar;
  switch (scalar) {
    case Scalar::kBool:
      return ValueClass::kBool;
    case Scalar::kString:
    case Scalar::kBytes:
    case Scalar::kHex:
      return ValueClass::kText;
    case Scalar::kMessage:
      return ValueClass::kUnknown;
    default:
      return ValueClass::kNumber;
  }
}

const char* NameOf(ValueClass value_class) {
  switch (value_class) {
    case ValueClass::kBool:
      return "true or false";
    case ValueClass::kNumber:
      return "a number";
    case ValueClass::kText:
      return "a text";
    case ValueClass::kUnknown:
      break;
  }
  return "a value";
}

bool AnyPart(const Expression& expression, const std::function<bool(const Expression&)>& test) {
  return test(expression) ||
         std::any_of(expression.operands.begin(), expression.operands.end(),
                     [&](const Expression& operand) { return AnyPart(operand, test); });
}

bool IsDrawnAnew(const Expression& expression) {
  return AnyPart(expression, [](const Expression& part) {
    return part.kind == Expression::Kind::kPick || part.kind == Expression::Kind::kDraw ||
           part.kind == Expression::Kind::kStamp;
  });
}

bool ShareSource(const Expression& left, const Expression& right) {
  using Kind = Expression::Kind;
  return AnyPart(left, [&](const Expression& a) {
    if (a.kind != Kind::kVariable && a.kind != Kind::kBotId && a.kind != Kind::kIteration &&
        a.kind != Kind::kLoop && a.kind != Kind::kFeedField)
      return false;
    return AnyPart(right, [&](const Expression& b) {
      return a.kind == b.kind && a.slot == b.slot && a.column == b.column;
    });
  });
}

Expression LiteralExpression(Value value) {
  Expression expression;
  expression.literal = std::move(value);
  return expression;
}

}  // namespace stressbot
