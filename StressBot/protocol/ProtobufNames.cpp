#include "StressBot/protocol/ProtobufNames.h"

#include "StressBot/json/Diagnostics.h"

namespace stressbot {

namespace protobuf = google::protobuf;
using protobuf::FieldDescriptor;

FieldScalar ScalarOf(const FieldDescriptor& field) {
  using Scalar = FieldScalar;
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
      return Scalar::kDouble;
    case FieldDescriptor::TYPE_FLOAT:
      return Scalar::kFloat;
    case FieldDescriptor::TYPE_INT64:
      return Scalar::kInt64;
    case FieldDescriptor::TYPE_UINT64:
      return Scalar::kUint64;
    case FieldDescriptor::TYPE_INT32:
      return Scalar::kInt32;
    case FieldDescriptor::TYPE_FIXED64:
      return Scalar::kFixed64;
    case FieldDescriptor::TYPE_FIXED32:
      return Scalar::kFixed32;
    case FieldDescriptor::TYPE_BOOL:
      return Scalar::kBool;
    case FieldDescriptor::TYPE_STRING:
      return Scalar::kString;
    case FieldDescriptor::TYPE_BYTES:
      return Scalar::kBytes;
    case FieldDescriptor::TYPE_UINT32:
      return Scalar::kUint32;
    case FieldDescriptor::TYPE_ENUM:
      return Scalar::kEnum;
    case FieldDescriptor::TYPE_SFIXED32:
      return Scalar::kSfixed32;
    case FieldDescriptor::TYPE_SFIXED64:
      return Scalar::kSfixed64;
    case FieldDescriptor::TYPE_SINT32:
      return Scalar::kSint32;
    case FieldDescriptor::TYPE_SINT64:
      return Scalar::kSint64;
    case FieldDescriptor::TYPE_GROUP:
    case FieldDescriptor::TYPE_MESSAGE:
      break;
  }
  return Scalar::kMessage;
}

bool IsGroup(const FieldDescriptor& field) { return field.type() == FieldDescriptor::TYPE_GROUP; }

std::string KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::string("a whole number (") + field.type_name() + ")";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "a name or number of " + field.enum_type()->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return "text in quotes";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "an object with the fields of " + field.message_type()->name();
}

std::string NoSuchField(const protobuf::Descriptor& message, std::string_view name) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(message.field_count()));
  for (int i = 0; i < message.field_count(); ++i) names.push_back(message.field(i)->name());
  std::string text = "no field \"" + std::string(name) + "\" in " + message.name();
  return text + (names.empty() ? ", which has no fields" : Suggest(name, names));
}

const FieldDescriptor* FindField(const protobuf::Descriptor& message, std::string_view name) {
  return message.FindFieldByName(std::string(name));
}

std::string NoSuchEnumValue(const protobuf::EnumDescriptor& type, std::string_view name) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(type.value_count()));
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return "no value \"" + std::string(name) + "\" in " + type.name() + Suggest(name, names);
}

}  // namespace stressbot
