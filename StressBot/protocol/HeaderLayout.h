#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ServerCore/packet/PacketFraming.h"
#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/WireField.h"

/// Private to the protocol library.
namespace stressbot {

/// The header of a protocol file, read.
struct HeaderLayout {
  servercore::PacketFraming framing;
  std::vector<std::byte> constant_bytes;  ///< length and id are 0 in it
  std::uint32_t id_max = 0;               ///< the largest id that the id's field can hold
  std::vector<WireField> fields;          ///< all of them, for what else is around a payload
};

/// Reads "header" and "maxPacketBytes" of the protocol's root. nullopt when there was a mistake;
/// each one is a Diagnostic.
std::optional<HeaderLayout> ReadHeaderLayout(const JsonNode& root);

}  // namespace stressbot
