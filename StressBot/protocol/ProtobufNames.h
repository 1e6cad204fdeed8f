#pragma once
#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/Field.h"

/// What the users of descriptors share. Private to the protocol library, in .cpp files only.
namespace stressbot {

/// REQUIRES a field that is no group.
FieldScalar ScalarOf(const google::protobuf::FieldDescriptor& field);
bool IsGroup(const google::protobuf::FieldDescriptor& field);
/// "a whole number", "text", "a C_LOGIN.Player": what a field takes, for messages.
std::string KindOf(const google::protobuf::FieldDescriptor& field);
/// `no field "nam" in C_LOGIN; did you mean "name"?`
std::string NoSuchField(const google::protobuf::Descriptor& message, std::string_view name);
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& message,
                                                   std::string_view name);
/// `no value "MAG" in PlayerType; did you mean "MAGE"?`
std::string NoSuchEnumValue(const google::protobuf::EnumDescriptor& type, std::string_view name);

}  // namespace stressbot
