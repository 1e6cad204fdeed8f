#pragma once
#include <string>
#include <vector>

#include "StressBot/scenario/ExpressionCompiler.h"

namespace stressbot {

/// Compiles what is asked of a received packet: `where`, `check` and `save`.
class ConditionCompiler {
 public:
  ConditionCompiler(const Protocol& protocol, PacketIndex packet, ExpressionCompiler expressions)
      : protocol_(protocol), packet_(packet), expressions_(std::move(expressions)) {}

  std::vector<Condition> CompileWhere(const JsonNode& node);
  std::vector<Check> CompileChecks(const JsonNode& node);
  std::vector<Save> CompileSaves(const JsonNode& node, const std::vector<std::string>& variables);

 private:
  struct Operator {
    const char* key;  ///< in the file: "size>="
    CompareOp op;
    FieldPath::Want want;
    const char* sign;  ///< in the check's name: ">="
  };
  static const std::vector<Operator>& Operators();
  static std::vector<std::string> OperatorKeys();

  void CompileField(const std::string& field, const JsonNode& node, std::vector<Check>& out);
  void CompileOne(const std::string& field, const FieldPath& path, const Operator& op,
                  const JsonNode& value, std::vector<Check>& out);
  Expression CompileExpected(const FieldPath& path, const Operator& op, const JsonNode& value);
  std::optional<FieldPath> CompilePath(const std::string& field, const JsonNode& node) const;
  bool Fits(const std::string& field, const FieldPath& path, const Operator& op,
            const JsonNode& node) const;
  void CheckClass(const FieldPath& path, const Operator& op, const Expression& expected,
                  const JsonNode& node) const;

  const Protocol& protocol_;
  PacketIndex packet_;
  ExpressionCompiler expressions_;
};

}  // namespace stressbot
