#include "StressBot/protocol/FieldList.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/ProtobufNames.h"

namespace stressbot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::size_t kMessagesDeepMax = 4;  // beyond that nobody reads a line

void AppendFields(const Descriptor& message, std::vector<const Descriptor*>& open,
                  std::string& out) {
  open.push_back(&message);
  for (int i = 0; i < message.field_count() && out.size() <= kDescriptionMax; ++i) {
    const FieldDescriptor& field = *message.field(i);
    const Descriptor* inner = field.message_type();
    out += (i == 0 ? "" : ", ") + field.name() + " ";
    const bool is_shown = inner != nullptr && open.size() < kMessagesDeepMax &&
                          std::find(open.begin(), open.end(), inner) == open.end();
    std::string type = field.type_name();
    if (inner != nullptr) type = inner->name();
    if (field.enum_type() != nullptr) type = field.enum_type()->name();
    if (!is_shown) {
      out += field.is_repeated() ? "[" + type + "]" : type;
      continue;
    }
    out += field.is_repeated() ? '[' : '{';
    AppendFields(*inner, open, out);
    out += field.is_repeated() ? ']' : '}';
  }
  open.pop_back();
}

std::string CountType(std::uint8_t bytes) { return "u" + std::to_string(bytes * 8); }

void AppendMembers(const PackedShape& shape, std::string& out);

/// How the number of a text's units or a list's elements is known.
std::string StorageOf(const PackedShape& shape) {
  switch (shape.storage) {
    case PackedShape::Storage::kFixed:
      return "[" + std::to_string(shape.fixed_count) + "]";
    case PackedShape::Storage::kCounted:
      return " (" + CountType(shape.count_bytes) + (shape.counts_bytes ? " bytes)" : ")");
    case PackedShape::Storage::kOffset:
      break;
  }
  return " (offset)";
}

void AppendShape(const PackedShape& shape, std::string& out) {
  switch (shape.kind) {
    case PackedShape::Kind::kNumber:
      out += shape.name;
      return;
    case PackedShape::Kind::kText:
      out += shape.name + StorageOf(shape);
      return;
    case PackedShape::Kind::kList:
      out += '[';
      if (shape.element->kind == PackedShape::Kind::kStruct) {
        AppendMembers(*shape.element, out);
      } else {
        AppendShape(*shape.element, out);
      }
      out += "]" + StorageOf(shape);
      return;
    case PackedShape::Kind::kStruct:
      out += '{';
      AppendMembers(shape, out);
      out += '}';
      return;
  }
}

void AppendMembers(const PackedShape& shape, std::string& out) {
  bool is_first = true;
  for (const PackedShape::Member& member : shape.members) {
    if (out.size() > kDescriptionMax) return;  // structs in structs can be endless
    out += (is_first ? "" : ", ") + member.name + " ";
    AppendShape(*member.shape, out);
    is_first = false;
  }
}

}  // namespace

std::string ProtobufFields(const Descriptor& message) {
  std::string fields;
  std::vector<const Descriptor*> open;
  AppendFields(message, open, fields);
  return Shortened(std::move(fields));
}

std::string PackedFields(const PackedShape& packet) {
  std::string fields;
  AppendMembers(packet, fields);
  return Shortened(std::move(fields));
}

}  // namespace stressbot
