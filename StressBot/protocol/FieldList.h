#pragma once
#include <string>

#include "StressBot/protocol/PackedShape.h"

namespace google::protobuf {
class Descriptor;
}

/// A packet's fields with their types as one line for people, to compare with a server's sources.
/// Private to the protocol library.
namespace stressbot {

/// "success bool, players [id uint64, name string], info {x double}". A message in itself is its
/// name only.
std::string ProtobufFields(const google::protobuf::Descriptor& message);
/// "account char[20], name utf16 (u16 bytes), buffs [id u64] (offset)".
std::string PackedFields(const PackedShape& packet);

}  // namespace stressbot
