#pragma once
#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>

#include "StressBot/protocol/ProtobufPath.h"

/// Private to the protocol library, in .cpp files only.
namespace stressbot {

struct CompiledPath {
  ProtobufPath path;
  const google::protobuf::FieldDescriptor* field = nullptr;  ///< the last one
};

/// "players.0.name" in `message`; nullopt and a sentence in `problem` when there is no such field.
std::optional<CompiledPath> CompilePathIn(const google::protobuf::Descriptor& message,
                                          std::string_view path, std::string& problem);

}  // namespace stressbot
