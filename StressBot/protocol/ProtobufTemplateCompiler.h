#pragma once
#include <google/protobuf/descriptor.h>

#include <optional>
#include <vector>

#include "StressBot/protocol/ProtobufTemplate.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library, in .cpp files only.
namespace stressbot {

/// The parts of a message with these fields, in the order and the form in which protobuf itself
/// writes them. nullopt and the first mistake in `error` when a field does not fit.
std::optional<std::vector<ProtobufTemplate::Part>> CompileMessage(
    const google::protobuf::Descriptor& message, const FieldNode& root, CompileError& error);

}  // namespace stressbot
