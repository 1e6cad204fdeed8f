#pragma once
#include <cstdint>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/PacketSources.h"
#include "StressBot/protocol/PacketTableBuilder.h"

/// Private to the protocol library.
namespace stressbot {

/// Reads "ids" and "directions" of the protocol's root: which messages are packets, and under which
/// ids. Mistakes become Diagnostics. `id_max` is what the header can hold.
PacketTable ReadPacketTable(const JsonNode& root, const PacketSources& sources,
                            std::uint32_t id_max);

}  // namespace stressbot
