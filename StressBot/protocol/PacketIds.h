#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library.
namespace stressbot {

/// Messages in order of declaration, before it is known which of them are packets.
struct PacketSource {
  std::string file;  ///< a .proto file; empty: the protocol file itself
  std::vector<std::string> names;
};

struct PacketTable {
  struct Origin {
    std::size_t source = 0;
    std::size_t name = 0;  ///< which of its names
  };
  std::vector<PacketType> packets;
  std::vector<Origin> origins;  ///< in the same order
};

/// Reads "ids" and "directions" of the protocol's root: which messages are packets, and under which
/// ids. Mistakes become Diagnostics. `id_max` is what the header can hold.
/// REQUIRES files for all sources or only one source without.
PacketTable ReadPacketTable(const JsonNode& root, const std::vector<PacketSource>& sources,
                            std::uint32_t id_max);

}  // namespace stressbot
