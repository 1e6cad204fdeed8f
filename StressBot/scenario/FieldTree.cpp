#include "StressBot/scenario/FieldTree.h"

#include <charconv>

#include "StressBot/scenario/ExpressionCompiler.h"

namespace stressbot {
namespace {

using List = std::vector<FieldNode>;

const FieldNode* Child(const FieldNode& node, std::string_view name) {
  if (const auto* members = std::get_if<FieldNode::Members>(&node.content)) {
    for (const auto& [member, child] : *members)
      if (member == name) return &child;
  }
  if (const auto* list = std::get_if<List>(&node.content)) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error == std::errc() && end == name.data() + name.size() && index < list->size())
      return &(*list)[index];
  }
  return nullptr;
}

void CollectPaths(const FieldNode& node, const std::string& path, std::vector<std::string>& out) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (const auto* members = std::get_if<FieldNode::Members>(&node.content)) {
    for (const auto& [name, child] : *members) CollectPaths(child, prefix + name, out);
  } else if (const auto* list = std::get_if<List>(&node.content)) {
    for (std::size_t i = 0; i < list->size(); ++i)
      CollectPaths((*list)[i], prefix + std::to_string(i), out);
  } else {
    out.push_back(path);
  }
}

FieldNode CompileNode(const JsonNode& node, ExpressionCompiler& expressions,
                      std::vector<Expression>& arguments) {
  FieldNode result;
  result.where = node.path();
  if (node.IsObject()) {
    FieldNode::Members members;
    for (const auto& [name, member] : node.Members())
      members.push_back({name, CompileNode(member, expressions, arguments)});
    result.content = std::move(members);
  } else if (node.IsArray()) {
    List list;
    for (const JsonNode& element : node.Elements())
      list.push_back(CompileNode(element, expressions, arguments));
    result.content = std::move(list);
  } else {
    Expression expression = expressions.CompileScalar(node);
    if (expression.kind == Expression::Kind::kLiteral) {
      result.content = std::move(expression.literal);
    } else {
      result.content = FieldNode::Argument{static_cast<std::uint16_t>(arguments.size())};
      arguments.push_back(std::move(expression));
    }
  }
  return result;
}

}  // namespace

const FieldNode* FieldTree::Find(std::string_view path) const {
  const FieldNode* node = &root;
  while (node != nullptr && !path.empty()) {
    const std::size_t dot = path.find('.');
    node = Child(*node, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return node;
}

std::vector<std::string> FieldTree::Paths() const {
  std::vector<std::string> paths;
  CollectPaths(root, "", paths);
  return paths;
}

FieldTree CompileFields(const JsonNode& fields, ExpressionCompiler& expressions) {
  FieldTree tree;
  if (!fields.IsObject()) {
    fields.Error("needs an object: the packet's fields with their values");
    return tree;
  }
  tree.root = CompileNode(fields, expressions, tree.arguments);
  return tree;
}

}  // namespace stressbot
