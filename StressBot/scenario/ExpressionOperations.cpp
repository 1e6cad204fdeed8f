// The part of ExpressionCompiler that reads {"pick": ...}, {"uniform": ...}, {"add": ...}.
#include <array>
#include <cmath>

#include "StressBot/scenario/ExpressionCompiler.h"
#include "StressBot/scenario/ExpressionTraits.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {

using Kind = Expression::Kind;

Expression ExpressionCompiler::CompileOperation(const JsonNode& node) {
  static const std::vector<std::string> kOperations = {"pick", "uniform", "exponential", "normal",
                                                       "add",  "sub",     "mul",         "mod"};
  const auto members = node.Members();
  node.OnlyKeys(kOperations);
  if (members.size() != 1) {
    node.Error("needs exactly one of pick, uniform, exponential, normal, add, sub, mul, mod");
    return {};
  }
  const auto& [operation, operand] = members.front();
  if (operation == "pick") return CompilePick(operand);
  if (operation == "uniform") return CompileUniform(operand);
  if (operation == "exponential")
    return CompileMeanBased(operand, Distribution::Kind::kExponential);
  if (operation == "normal") return CompileMeanBased(operand, Distribution::Kind::kNormal);
  if (operation == "add") return CompileArithmetic(operand, Kind::kAdd);
  if (operation == "sub") return CompileArithmetic(operand, Kind::kSub);
  if (operation == "mul") return CompileArithmetic(operand, Kind::kMul);
  if (operation == "mod") return CompileArithmetic(operand, Kind::kMod);
  return {};
}

Expression ExpressionCompiler::CompilePick(const JsonNode& node) {
  Expression pick;
  pick.kind = Kind::kPick;
  if (node.IsArray() && node.json().empty()) node.Error("needs at least one value to pick from");
  for (const JsonNode& element : node.Elements()) pick.operands.push_back(CompileValue(element));
  return pick.operands.empty() ? Expression{} : pick;
}

std::optional<double> ExpressionCompiler::CompileNumber(const JsonNode& node, bool& whole) {
  const std::size_t errors_before = node.errors().list().size();
  const Expression number = CompileValue(node);
  if (node.errors().list().size() != errors_before) return std::nullopt;
  if (number.kind == Kind::kLiteral) {
    if (const auto* value = std::get_if<std::int64_t>(&number.literal))
      return static_cast<double>(*value);
    if (const auto* value = std::get_if<double>(&number.literal)) {
      whole = false;
      return *value;
    }
  }
  node.Error("needs a number that is known before the run");
  return std::nullopt;
}

Expression ExpressionCompiler::CompileUniform(const JsonNode& node) {
  Expression draw;
  draw.kind = Kind::kDraw;
  draw.whole = true;
  draw.distribution.kind = Distribution::Kind::kUniform;
  const auto bounds = node.Elements();
  if (!node.IsArray()) return draw;
  if (bounds.size() != 2) {
    node.Error("needs two numbers: [least, most]");
    return draw;
  }
  const auto least = CompileNumber(bounds[0], draw.whole);
  const auto most = CompileNumber(bounds[1], draw.whole);
  if (!least || !most) return draw;
  if (*least > *most) node.Error("has its least above its most; exchange them");
  draw.distribution.a = *least;
  draw.distribution.b = *most;
  return draw;
}

Expression ExpressionCompiler::CompileMeanBased(const JsonNode& node, Distribution::Kind kind) {
  const bool is_normal = kind == Distribution::Kind::kNormal;
  Expression draw;
  draw.kind = Kind::kDraw;
  draw.distribution.kind = kind;
  bool whole = false;
  node.OnlyKeys(is_normal ? std::vector<std::string>{"mean", "deviation"}
                          : std::vector<std::string>{"mean"});
  if (!node.IsObject()) return draw;
  if (const auto mean = node.Require("mean"))
    draw.distribution.a = CompileNumber(*mean, whole).value_or(0);
  if (!is_normal) return draw;
  if (const auto deviation = node.Require("deviation")) {
    draw.distribution.b = CompileNumber(*deviation, whole).value_or(0);
    if (draw.distribution.b < 0) deviation->Error("must not be negative");
  }
  return draw;
}

Expression ExpressionCompiler::CompileArithmetic(const JsonNode& node, Expression::Kind kind) {
  Expression result;
  result.kind = kind;
  if (node.IsArray() && node.json().size() != 2) node.Error("needs a list of two numbers");
  for (const JsonNode& element : node.Elements()) {
    Expression operand = CompileValue(element);
    const ValueClass operand_class = ClassOf(operand);
    if (operand_class == ValueClass::kText || operand_class == ValueClass::kBool)
      element.Error(std::string("needs a number; this is ") + NameOf(operand_class));
    result.operands.push_back(std::move(operand));
  }
  if (result.operands.size() != 2) return {};
  const Expression& divisor = result.operands[1];
  const bool divides_by_zero =
      kind == Kind::kMod && divisor.kind == Kind::kLiteral && ToText(divisor.literal) == "0";
  if (divides_by_zero) node.Error("takes the remainder of a division by zero");
  return result;
}

}  // namespace stressbot
