#pragma once
#include <functional>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// What is known of an expression's value before the run.
enum class ValueClass : std::uint8_t { kUnknown, kBool, kNumber, kText };
ValueClass ClassOf(const Value& value);
ValueClass ClassOf(const Expression& expression);
ValueClass ClassOf(FieldPath::Scalar scalar);
const char* NameOf(ValueClass value_class);  ///< "a number"

/// Whether the expression itself or any of its operands fulfils `test`.
bool AnyPart(const Expression& expression, const std::function<bool(const Expression&)>& test);
/// Whether two evaluations may differ for one bot at one moment: pick, uniform, stamp and so on.
bool IsDrawnAnew(const Expression& expression);
/// Whether both read something of this bot from the same place: a variable, its id, a pass.
bool ShareSource(const Expression& left, const Expression& right);

Expression LiteralExpression(Value value);

}  // namespace stressbot
