#include "StressBot/scenario/ConditionCompiler.h"

#include <algorithm>

#include "StressBot/protocol/Hex.h"
#include "StressBot/scenario/ExpressionTraits.h"

namespace stressbot {
namespace {

using Want = FieldPath::Want;

std::string Written(const JsonNode& node) {
  return node.IsString() ? node.AsString() : node.json().dump();
}

}  // namespace

const std::vector<ConditionCompiler::Operator>& ConditionCompiler::Operators() {
  static const std::vector<Operator> kOperators = {
      {"eq", CompareOp::kEq, Want::kValue, "=="},     {"ne", CompareOp::kNe, Want::kValue, "!="},
      {"lt", CompareOp::kLt, Want::kValue, "<"},      {"le", CompareOp::kLe, Want::kValue, "<="},
      {"gt", CompareOp::kGt, Want::kValue, ">"},      {"ge", CompareOp::kGe, Want::kValue, ">="},
      {"in", CompareOp::kIn, Want::kValue, "in"},     {"size", CompareOp::kEq, Want::kSize, "=="},
      {"size>=", CompareOp::kGe, Want::kSize, ">="},  {"size>", CompareOp::kGt, Want::kSize, ">"},
      {"size<=", CompareOp::kLe, Want::kSize, "<="},  {"size<", CompareOp::kLt, Want::kSize, "<"},
      {"exists", CompareOp::kEq, Want::kExists, "=="}};
  return kOperators;
}

std::vector<std::string> ConditionCompiler::OperatorKeys() {
  std::vector<std::string> keys;
  for (const Operator& op : Operators()) keys.emplace_back(op.key);
  return keys;
}

std::vector<Check> ConditionCompiler::CompileChecks(const JsonNode& node) {
  std::vector<Check> checks;
  for (const auto& [field, value] : node.Members()) CompileField(field, value, checks);
  return checks;
}

std::vector<Condition> ConditionCompiler::CompileWhere(const JsonNode& node) {
  std::vector<Condition> conditions;
  for (Check& check : CompileChecks(node)) conditions.push_back(std::move(check.condition));
  return conditions;
}

std::vector<Save> ConditionCompiler::CompileSaves(const JsonNode& node,
                                                  const std::vector<std::string>& variables) {
  std::vector<Save> saves;
  for (const auto& [variable, place] : node.Members()) {
    if (!place.IsString()) {
      place.Error("needs the path of a field, such as \"player.id\"");
      continue;
    }
    const std::string field = place.AsString();
    const auto path = CompilePath(field, place);
    if (!path || !Fits(field, *path, Operators().front(), place)) continue;
    const auto slot = std::find(variables.begin(), variables.end(), variable);
    if (slot == variables.end()) continue;  // refused when the variables were collected
    saves.push_back({static_cast<std::uint16_t>(slot - variables.begin()), *path});
  }
  return saves;
}

std::optional<FieldPath> ConditionCompiler::CompilePath(const std::string& field,
                                                        const JsonNode& node) const {
  CompileError error;
  auto path = protocol_.codec().CompilePath(packet_, field, error);
  if (!path) node.Error(error.message);
  return path;
}

void ConditionCompiler::CompileField(const std::string& field, const JsonNode& node,
                                     std::vector<Check>& out) {
  const auto path = CompilePath(field, node);
  if (!node.IsObject()) {
    if (!path || !Fits(field, *path, Operators().front(), node)) return;
    CompileOne(field, *path, Operators().front(), node, out);
    if (!out.empty()) out.back().name = field;  // "success" says enough
    return;
  }
  node.OnlyKeys(OperatorKeys());
  if (node.Members().empty()) node.Error("needs a comparison such as {\"ge\": 1}");
  for (const auto& [key, value] : node.Members()) {
    const auto op = std::ranges::find(Operators(), key, &Operator::key);
    if (op == Operators().end() || !path || !Fits(field, *path, *op, value)) continue;
    CompileOne(field, *path, *op, value, out);
  }
}

bool ConditionCompiler::Fits(const std::string& field, const FieldPath& path, const Operator& op,
                             const JsonNode& node) const {
  const bool is_message = path.scalar() == FieldPath::Scalar::kMessage;
  if (op.want == Want::kValue && path.repeated()) {
    node.Error("\"" + field + "\" is a list; name one element (\"" + field +
               ".0\") or ask for its size with \"size>=\"");
    return false;
  }
  if (op.want == Want::kValue && is_message) {
    node.Error("\"" + field + "\" is a message; name one of the fields in it, as in \"" + field +
               ".id\"");
    return false;
  }
  if (op.want == Want::kSize && !path.repeated() &&
      (is_message || ClassOf(path.scalar()) != ValueClass::kText)) {
    node.Error("only lists and texts have a size; \"" + field + "\" is neither");
    return false;
  }
  return true;
}

/// A feed's 1001 is the text "1001" where it is compared with a text.
Expression ConditionCompiler::CompileExpected(const FieldPath& path, const Operator& op,
                                              const JsonNode& value) {
  Expression expected = expressions_.CompileScalar(value);
  const bool is_text = op.want == Want::kValue && ClassOf(path.scalar()) == ValueClass::kText;
  if (!is_text || expected.kind != Expression::Kind::kFeedField) return expected;
  Expression text;
  text.kind = Expression::Kind::kConcat;
  text.operands.push_back(std::move(expected));
  return text;
}

void ConditionCompiler::CompileOne(const std::string& field, const FieldPath& path,
                                   const Operator& op, const JsonNode& value,
                                   std::vector<Check>& out) {
  Check check;
  check.condition.field = path;
  check.condition.want = op.want;
  check.condition.op = op.op;
  if (op.op == CompareOp::kIn) {
    if (value.IsArray() && value.json().empty()) value.Error("needs at least one value");
    for (const JsonNode& element : value.Elements()) {
      check.condition.expected.push_back(CompileExpected(path, op, element));
      CheckClass(path, op, check.condition.expected.back(), element);
    }
  } else {
    check.condition.expected.push_back(CompileExpected(path, op, value));
    CheckClass(path, op, check.condition.expected.back(), value);
  }
  const std::string tail = std::string(" ") + op.sign + " " + Written(value);
  if (op.want == Want::kExists) {
    check.name = (Written(value) == "false" ? "not exists(" : "exists(") + field + ")";
  } else {
    check.name = (op.want == Want::kSize ? "size(" + field + ")" : field) + tail;
  }
  out.push_back(std::move(check));
}

void ConditionCompiler::CheckClass(const FieldPath& path, const Operator& op,
                                   const Expression& expected, const JsonNode& node) const {
  const ValueClass given = ClassOf(expected);
  if (given == ValueClass::kUnknown) return;
  ValueClass wanted = ClassOf(path.scalar());
  if (op.want == Want::kSize) wanted = ValueClass::kNumber;
  if (op.want == Want::kExists) wanted = ValueClass::kBool;
  if (op.want == Want::kValue && path.scalar() == FieldPath::Scalar::kHex &&
      expected.kind == Expression::Kind::kLiteral && given == ValueClass::kText &&
      !IsHex(std::get<std::string>(expected.literal))) {
    node.Error("is compared with bytes, so it needs pairs of hex digits, such as \"0a ff\"");
  }
  const bool both_numbers = given != ValueClass::kText && wanted != ValueClass::kText;
  if (given == wanted || (both_numbers && op.want == Want::kValue)) return;
  const bool is_enum = op.want == Want::kValue && path.scalar() == FieldPath::Scalar::kEnum;
  node.Error(std::string("is compared with ") + (is_enum ? "an enum's number" : NameOf(wanted)) +
             ", so it needs " + NameOf(wanted) + ", not " + NameOf(given));
}

}  // namespace stressbot
