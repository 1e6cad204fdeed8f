#pragma once
#include <optional>
#include <string>

#include "StressBot/scenario/ConnectionOrder.h"
#include "StressBot/scenario/ExpressionCompiler.h"

namespace stressbot {

/// A group's program while it grows, and where in the file its compiler is.
struct FlowBuild {
  FlowProgram program;
  std::string flow;                         ///< that the current step is written in
  std::optional<std::uint16_t> loop;        ///< place of the innermost repeat
  std::optional<std::uint8_t> last_server;  ///< of the last connect in the written order
  ConnectionOrder connections;

  /// Adds an instruction for the last entry of a table of that size.
  void Emit(Instruction::Op op, std::size_t table_size) {
    program.code.push_back({op, static_cast<std::uint16_t>(table_size - 1)});
  }
  std::uint16_t Here() const { return static_cast<std::uint16_t>(program.code.size()); }
  ExpressionScope Scope() const {
    ExpressionScope scope;
    scope.variables = &program.variables;
    scope.loop = loop;
    return scope;
  }
};

}  // namespace stressbot
