#include "StressBot/scenario/ExpressionCompiler.h"

#include <algorithm>

#include "StressBot/scenario/ExpressionText.h"
#include "StressBot/scenario/ExpressionTraits.h"
#include "StressBot/scenario/Keys.h"

namespace stressbot {

using Kind = Expression::Kind;

Expression ExpressionCompiler::Compile(const JsonNode& node) {
  return CheckCompared(node, CompileValue(node));
}

Expression ExpressionCompiler::CompileScalar(const JsonNode& node) {
  return CheckCompared(node, CompilePlain(node));
}

Expression ExpressionCompiler::CheckCompared(const JsonNode& node, Expression expression) const {
  if (scope_.is_compared && IsDrawnAnew(expression))
    node.Error(
        "is drawn anew at each use, so it would be compared with another value than the one "
        "that was sent; compare with ${sent.FIELD}, or keep the value with set first");
  return expression;
}

Expression ExpressionCompiler::CompileValue(const JsonNode& node) {
  return node.IsObject() ? CompileOperation(node) : CompilePlain(node);
}

Expression ExpressionCompiler::CompilePlain(const JsonNode& node) {
  const auto& json = node.json();
  if (json.is_string()) return CompileText(node);
  if (json.is_boolean()) return LiteralExpression(json.get<bool>());
  if (json.is_number_float()) return LiteralExpression(json.get<double>());
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
    return LiteralExpression(json.get<std::uint64_t>());
  if (json.is_number_integer()) return LiteralExpression(json.get<std::int64_t>());
  node.Error("needs a text, a number, true or false");
  return {};
}

Expression ExpressionCompiler::CompileText(const JsonNode& node) {
  const auto pieces = SplitText(node.AsString());
  if (!pieces) {
    node.Error("has a \"${\" that is not closed by \"}\" or holds no name");
    return {};
  }
  if (pieces->empty()) return LiteralExpression(std::string());
  if (pieces->size() == 1 && pieces->front().is_reference)
    return CompileReference(node, pieces->front().text);

  Expression text;
  text.kind = Kind::kConcat;
  for (const TextPiece& piece : *pieces) {
    Expression part =
        piece.is_reference ? CompileReference(node, piece.text) : LiteralExpression(piece.text);
    const bool joins = part.kind == Kind::kLiteral && !text.operands.empty() &&
                       text.operands.back().kind == Kind::kLiteral;
    if (joins) {
      text.operands.back().literal = ToText(text.operands.back().literal) + ToText(part.literal);
    } else {
      text.operands.push_back(std::move(part));
    }
  }
  if (text.operands.size() == 1 && text.operands.front().kind == Kind::kLiteral)
    return LiteralExpression(ToText(text.operands.front().literal));
  return text;
}

Expression ExpressionCompiler::CompileReference(const JsonNode& node, const std::string& name) {
  Expression expression;
  if (name.starts_with("env.")) return CompileEnvironment(node, name.substr(4));
  if (name.starts_with("sent.")) return CompileSent(node, name.substr(5));
  if (name.starts_with("packet.")) return CompilePacket(node, name.substr(7));
  if (name == "bot.id") {
    expression.kind = Kind::kBotId;
  } else if (name == "iteration") {
    expression.kind = Kind::kIteration;
  } else if (name == "stamp") {
    expression.kind = Kind::kStamp;
  } else if (name == "loop") {
    if (!scope_.loop) node.Error("${loop} counts the passes of a repeat; this step is in none");
    expression.kind = Kind::kLoop;
    expression.slot = scope_.loop.value_or(0);
  } else {
    return CompileVariable(node, name);
  }
  return expression;
}

Expression ExpressionCompiler::CompileEnvironment(const JsonNode& node, const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string variable = name.substr(0, colon);
  if (!IsIdentifier(variable)) {
    node.Error("\"" + variable + "\" is no name of an environment variable");
    return {};
  }
  std::optional<std::string> value;
  if (context_.options.environment) value = context_.options.environment(variable);
  if (!value && colon != std::string::npos) value = name.substr(colon + 1);
  if (value) return LiteralExpression(LiteralFromText(*value));
  node.Error("the environment variable " + variable +
             " is not set; set it, or give a default: ${env." + variable + ":DEFAULT}");
  return {};
}

Expression ExpressionCompiler::CompileSent(const JsonNode& node, const std::string& path) const {
  if (scope_.sent == nullptr) {
    node.Error(
        "${sent." + path +
        "} is a field of the request that is answered: only the where of a request knows it");
    return {};
  }
  const FieldNode* field = scope_.sent->Find(path);
  if (field == nullptr) {
    node.Error("the request sends no field \"" + path + "\"" + Suggest(path, scope_.sent->Paths()));
    return {};
  }
  if (const auto* literal = std::get_if<Value>(&field->content)) return LiteralExpression(*literal);
  if (const auto* argument = std::get_if<FieldNode::Argument>(&field->content)) {
    Expression expression;
    expression.kind = Kind::kSentField;
    expression.slot = argument->index;
    return expression;
  }
  node.Error("\"" + path +
             "\" of the request is a message or a list; name one of the values in it" +
             Suggest(path, scope_.sent->Paths()));
  return {};
}

Expression ExpressionCompiler::CompilePacket(const JsonNode& node, const std::string& path) const {
  if (scope_.packet_protocol == nullptr) {
    node.Error("${packet." + path +
               "} is a field of the packet that a listen received: only its do knows it; to keep a "
               "field of a reply, save it");
    return {};
  }
  Expression expression;
  expression.kind = Kind::kPacketField;
  CompileError error;
  const auto field = scope_.packet_protocol->codec().CompilePath(scope_.packet, path, error);
  if (!field) {
    node.Error(error.message);
  } else if (field->repeated() || field->scalar() == FieldPath::Scalar::kMessage) {
    node.Error("\"" + path + "\" is a message or a list; name one of the values in it");
  } else {
    expression.field = *field;
  }
  return expression;
}

/// `${feed.column}`; nullopt when no feed has that name.
std::optional<Expression> ExpressionCompiler::CompileFeed(const JsonNode& node,
                                                          const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::string feed_name = name.substr(0, dot);
  const auto feed = std::find_if(context_.feeds.begin(), context_.feeds.end(),
                                 [&](const Feed& known) { return known.name == feed_name; });
  if (feed == context_.feeds.end()) return std::nullopt;
  Expression field;
  field.kind = Kind::kFeedField;
  field.slot = static_cast<std::uint16_t>(feed - context_.feeds.begin());
  context_.feeds_used.insert(field.slot);
  if (feed->table == nullptr) return field;  // its file's mistakes are enough
  const std::vector<std::string>& columns = feed->table->columns;
  const std::string column = dot == std::string::npos ? "" : name.substr(dot + 1);
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) {
    node.Error(column.empty() ? "\"" + feed_name + "\" is a feed; name a column of it: ${" +
                                    feed_name + "." + columns.front() + "}"
                              : "the feed \"" + feed_name + "\" has no column \"" + column + "\"" +
                                    Suggest(column, columns));
    return field;
  }
  field.column = static_cast<std::uint16_t>(found - columns.begin());
  return field;
}

Expression ExpressionCompiler::CompileVariable(const JsonNode& node, const std::string& name) {
  if (scope_.variables != nullptr) {
    const auto found = std::find(scope_.variables->begin(), scope_.variables->end(), name);
    if (found != scope_.variables->end()) {
      Expression expression;
      expression.kind = Kind::kVariable;
      expression.slot = static_cast<std::uint16_t>(found - scope_.variables->begin());
      return expression;
    }
  }
  if (context_.macros.contains(name)) return CompileMacro(node, name);
  if (auto column = CompileFeed(node, name)) return *column;

  std::vector<std::string> known = NamesOf(context_.macros);
  if (scope_.variables != nullptr)
    known.insert(known.end(), scope_.variables->begin(), scope_.variables->end());
  known.insert(known.end(), {"stamp", "bot.id", "iteration", "loop"});
  for (const Feed& feed : context_.feeds) {
    if (feed.table == nullptr) continue;
    for (const std::string& column : feed.table->columns) known.push_back(feed.name + "." + column);
  }
  node.Error("no variable \"" + name + "\"" + Suggest(name, known) +
             "; variables come from \"variables\", set, save and feeds");
  return {};
}

Expression ExpressionCompiler::CompileMacro(const JsonNode& node, const std::string& name) {
  context_.macros_used.insert(name);
  if (const auto found = context_.overrides.find(name); found != context_.overrides.end())
    return LiteralExpression(found->second);
  if (Contains(open_macros_, name)) {
    node.Error("the variable \"" + name + "\" needs itself");
    return {};
  }
  open_macros_.push_back(name);
  Expression expression = CompileValue(context_.macros.at(name));
  open_macros_.pop_back();
  return expression;
}

}  // namespace stressbot
