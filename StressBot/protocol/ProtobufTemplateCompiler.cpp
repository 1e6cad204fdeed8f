#include "StressBot/protocol/ProtobufTemplateCompiler.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "StressBot/protocol/ProtobufNames.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/WireFormat.h"

namespace stressbot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using Part = ProtobufTemplate::Part;
using Parts = std::vector<Part>;
using List = std::vector<FieldNode>;

std::vector<std::byte> Varint(std::uint64_t value) {
  std::array<std::byte, wire::kVarintBytesMax> bytes;
  return {bytes.data(), wire::WriteVarint(value, bytes.data())};
}

/// Constant bytes next to each other are one part.
void Append(Part part, Parts& parts) {
  const bool merges =
      part.kind == Part::Kind::kBytes && !parts.empty() && parts.back().kind == Part::Kind::kBytes;
  if (!merges) return parts.push_back(std::move(part));
  std::vector<std::byte>& bytes = parts.back().bytes;
  bytes.insert(bytes.end(), part.bytes.begin(), part.bytes.end());
}

void AppendBytes(std::vector<std::byte> bytes, Parts& parts) {
  Append({.kind = Part::Kind::kBytes, .bytes = std::move(bytes)}, parts);
}

bool IsConstant(const Parts& parts) {
  return parts.empty() || (parts.size() == 1 && parts.front().kind == Part::Kind::kBytes);
}

/// A nested message or a packed list: tag, length, content. Its length is constant if all of it is.
void AppendNested(std::vector<std::byte> tag, Parts content, Parts& parts) {
  if (IsConstant(content)) {
    AppendBytes(std::move(tag), parts);
    AppendBytes(Varint(content.empty() ? 0 : content.front().bytes.size()), parts);
    for (Part& part : content) Append(std::move(part), parts);
    return;
  }
  Append({.kind = Part::Kind::kBeginMessage, .bytes = std::move(tag)}, parts);
  for (Part& part : content) Append(std::move(part), parts);
  Append({.kind = Part::Kind::kEndMessage}, parts);
}

class ProtobufCompiler {
 public:
  explicit ProtobufCompiler(CompileError& error) : error_(error) {}

  bool Message(const Descriptor& message, const FieldNode& node, std::size_t depth, Parts& parts) {
    const auto* members = std::get_if<FieldNode::Members>(&node.content);
    if (members == nullptr) {
      return Fail(node, "must be an object with the fields of " + message.name());
    }
    if (depth == ProtobufTemplate::kOpenMessagesMax) return Fail(node, "nested too deeply");
    std::map<int, std::pair<const FieldDescriptor*, const FieldNode*>> by_number;
    std::map<const OneofDescriptor*, const FieldDescriptor*> chosen;
    for (const auto& [name, member] : *members) {
      const FieldDescriptor* field = FindField(message, name);
      if (field == nullptr) return Fail(member, NoSuchField(message, name));
      if (!by_number.emplace(field->number(), std::pair{field, &member}).second) {
        return Fail(member, "the field \"" + name + "\" is here twice");
      }
      if (const OneofDescriptor* oneof = field->real_containing_oneof()) {
        const auto [other, is_first] = chosen.emplace(oneof, field);
        if (!is_first) {
          return Fail(member, "\"" + name + "\" and \"" + other->second->name() +
                                  "\" exclude each other (oneof " + oneof->name() + ")");
        }
      }
    }
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (field.is_required() && !by_number.contains(field.number())) {
        return Fail(node, "the required field \"" + field.name() + "\" of " + message.name() +
                              " is missing");
      }
    }
    for (const auto& [number, member] : by_number) {
      if (!Field(*member.first, *member.second, depth, parts)) return false;
    }
    return true;
  }

 private:
  bool Field(const FieldDescriptor& field, const FieldNode& node, std::size_t depth, Parts& parts) {
    if (field.is_map()) {
      return Fail(node, "\"" + field.name() + "\" is a map, and maps cannot be sent yet");
    }
    if (IsGroup(field)) {
      return Fail(node, "\"" + field.name() + "\" is a group, and groups cannot be sent");
    }
    if (!field.is_repeated()) {
      return Element(field, node, {Tag(field), !field.has_presence(), depth}, parts);
    }
    const auto* list = std::get_if<List>(&node.content);
    if (list == nullptr) {
      return Fail(node, "\"" + field.name() + "\" is a list; write it as [...]");
    }
    if (!field.is_packed()) {
      for (const FieldNode& element : *list) {
        if (!Element(field, element, {Tag(field), false, depth}, parts)) return false;
      }
      return true;
    }
    if (depth + 1 == ProtobufTemplate::kOpenMessagesMax) return Fail(node, "nested too deeply");
    Parts content;
    for (const FieldNode& element : *list) {
      if (!Element(field, element, {{}, false, depth}, content)) return false;
    }
    const auto number = static_cast<std::uint32_t>(field.number());
    if (!list->empty()) {
      AppendNested(Varint(wire::MakeTag(number, wire::Type::kBytes)), std::move(content), parts);
    }
    return true;
  }

  struct Place {
    std::vector<std::byte> tag;  // empty in a packed list
    bool omit_default;
    std::size_t depth;
  };

  static std::vector<std::byte> Tag(const FieldDescriptor& field) {
    return Varint(
        wire::MakeTag(static_cast<std::uint32_t>(field.number()), WireTypeOf(ScalarOf(field))));
  }

  bool Element(const FieldDescriptor& field, const FieldNode& node, Place place, Parts& parts) {
    if (std::holds_alternative<List>(node.content)) {
      return Fail(node, "\"" + field.name() + "\" takes " + KindOf(field) + ", not a list");
    }
    const FieldScalar scalar = ScalarOf(field);
    if (scalar == FieldScalar::kMessage) {
      Parts content;
      if (!Message(*field.message_type(), node, place.depth + 1, content)) return false;
      AppendNested(std::move(place.tag), std::move(content), parts);
      return true;
    }
    if (const auto* argument = std::get_if<FieldNode::Argument>(&node.content)) {
      Append({.kind = Part::Kind::kArgument,
              .bytes = std::move(place.tag),
              .argument = argument->index,
              .scalar = scalar,
              .omit_default = place.omit_default},
             parts);
      return true;
    }
    const auto* literal = std::get_if<Value>(&node.content);
    if (literal == nullptr) {
      return Fail(node, "\"" + field.name() + "\" takes " + KindOf(field) + ", not an object");
    }
    return IsText(scalar) ? Text(field, node, *literal, std::move(place), parts)
                          : Number(field, node, *literal, std::move(place), parts);
  }

  bool Text(const FieldDescriptor& field, const FieldNode& node, const Value& literal, Place place,
            Parts& parts) {
    const auto* text = std::get_if<std::string>(&literal);
    if (text == nullptr) return WrongLiteral(field, node, literal);
    if (place.omit_default && text->empty()) return true;
    const auto* bytes = reinterpret_cast<const std::byte*>(text->data());
    AppendBytes(std::move(place.tag), parts);
    AppendBytes(Varint(text->size()), parts);
    AppendBytes({bytes, bytes + text->size()}, parts);
    return true;
  }

  bool Number(const FieldDescriptor& field, const FieldNode& node, const Value& literal,
              Place place, Parts& parts) {
    const FieldScalar scalar = ScalarOf(field);
    const bool is_bool_literal = std::holds_alternative<bool>(literal);
    const bool is_text = std::holds_alternative<std::string>(literal);
    const bool takes_bool = scalar == FieldScalar::kBool;
    std::uint64_t bits = 0;
    if (is_text && scalar == FieldScalar::kEnum) {
      const std::string& name = std::get<std::string>(literal);
      if (const auto* value = field.enum_type()->FindValueByName(name)) {
        EncodeNumber(scalar, std::int64_t{value->number()}, bits);
      } else if (EncodeNumber(scalar, literal, bits) != NumberFit::kExact) {
        return Fail(node, NoSuchEnumValue(*field.enum_type(), name));
      }
    } else if (std::holds_alternative<std::monostate>(literal) ||
               (!is_text && is_bool_literal != takes_bool) ||
               EncodeNumber(scalar, literal, bits) != NumberFit::kExact) {
      return WrongLiteral(field, node, literal);
    }
    if (place.omit_default && bits == 0) return true;
    std::array<std::byte, wire::kVarintBytesMax> number;
    AppendBytes(std::move(place.tag), parts);
    AppendBytes({number.data(), WriteNumber(scalar, bits, number.data())}, parts);
    return true;
  }

  bool WrongLiteral(const FieldDescriptor& field, const FieldNode& node, const Value& literal) {
    return Fail(node, "\"" + field.name() + "\" takes " + KindOf(field) + ", not " +
                          QuotedLiteral(literal));
  }

  bool Fail(const FieldNode& node, std::string message) {
    error_ = {node.where, std::move(message)};
    return false;
  }

  CompileError& error_;
};

}  // namespace

std::optional<Parts> CompileMessage(const Descriptor& message, const FieldNode& root,
                                    CompileError& error) {
  Parts parts;
  if (!ProtobufCompiler(error).Message(message, root, 0, parts)) return std::nullopt;
  return parts;
}

}  // namespace stressbot
