#pragma once
#include <optional>
#include <string>
#include <vector>

#include "StressBot/scenario/FieldTree.h"
#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// What `${...}` may refer to at one place of a flow.
struct ExpressionScope {
  const std::vector<std::string>* variables = nullptr;  ///< of the group, by slot
  std::optional<std::uint16_t> loop;                    ///< place of the innermost repeat
  const FieldTree* sent = nullptr;                      ///< in the `where` of a request
  const Protocol* packet_protocol = nullptr;            ///< in the `do` of a listen: of its packet
  PacketIndex packet = kUnknownPacket;
  /// In `where` and `check`: nothing that would be drawn anew for each comparison may stand here.
  bool is_compared = false;
};

/// Makes expressions of JSON values. After a mistake, which is reported, gives an empty literal.
class ExpressionCompiler {
 public:
  ExpressionCompiler(ScenarioContext& context, ExpressionScope scope)
      : context_(context), scope_(scope) {}

  /// A literal, a text with `${...}`, or {"pick": ...}, {"uniform": ...}, {"add": ...} and so on.
  Expression Compile(const JsonNode& node);
  /// A literal or a text with `${...}`: where an object would mean something else.
  Expression CompileScalar(const JsonNode& node);

 private:
  Expression CompileValue(const JsonNode& node);
  Expression CompilePlain(const JsonNode& node);
  Expression CompileText(const JsonNode& node);
  Expression CompileReference(const JsonNode& node, const std::string& name);
  Expression CompileEnvironment(const JsonNode& node, const std::string& name);
  Expression CompileSent(const JsonNode& node, const std::string& path) const;
  Expression CompilePacket(const JsonNode& node, const std::string& path) const;
  std::optional<Expression> CompileFeed(const JsonNode& node, const std::string& name);
  Expression CompileVariable(const JsonNode& node, const std::string& name);
  Expression CompileMacro(const JsonNode& node, const std::string& name);
  Expression CompileOperation(const JsonNode& node);
  Expression CompilePick(const JsonNode& node);
  Expression CompileUniform(const JsonNode& node);
  Expression CompileMeanBased(const JsonNode& node, Distribution::Kind kind);
  Expression CompileArithmetic(const JsonNode& node, Expression::Kind kind);
  std::optional<double> CompileNumber(const JsonNode& node, bool& whole);
  Expression CheckCompared(const JsonNode& node, Expression expression) const;

  ScenarioContext& context_;
  ExpressionScope scope_;
  std::vector<std::string> open_macros_;  ///< being compiled: finds a variable that needs itself
};

}  // namespace stressbot
