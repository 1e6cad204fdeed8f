#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/json/JsonDocument.h"

namespace stressbot {

class ExpressionCompiler;

/// The `fields` of a packet to send: its tree and the expressions of the arguments in it.
struct FieldTree {
  FieldNode root{FieldNode::Members{}, ""};
  std::vector<Expression> arguments;

  /// The node at "info.x" or "players.0.name"; null when the packet is sent without that field.
  const FieldNode* Find(std::string_view path) const;
  /// All paths that lead to a literal or an argument, for suggestions.
  std::vector<std::string> Paths() const;
};

/// Compiles `fields`. Objects are nested messages, lists are repeated fields.
FieldTree CompileFields(const JsonNode& fields, ExpressionCompiler& expressions);

}  // namespace stressbot
