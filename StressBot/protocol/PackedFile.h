#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/PackedShape.h"

/// Private to the protocol library.
namespace stressbot {

/// Reads "structs" and "packets" of a packed payload: the packets in order of declaration. Mistakes
/// become Diagnostics. Offsets and lengths count from the packet's header of `header_bytes`.
std::vector<PackedShape::Member> ReadPackedPackets(const JsonNode& payload,
                                                   std::size_t header_bytes,
                                                   std::size_t packet_bytes_max);

}  // namespace stressbot
