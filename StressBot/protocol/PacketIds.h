#pragma once
#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/ProtoFiles.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library, in .cpp files only.
namespace stressbot {

struct PacketTable {
  std::vector<PacketType> packets;
  std::vector<const google::protobuf::Descriptor*> messages;  ///< in the same order
};

/// Reads "ids" and "directions" of the protocol's root: which messages of the .proto files are
/// packets, and under which ids. Mistakes become Diagnostics. `id_max` is what the header can hold.
PacketTable ReadPacketTable(const JsonNode& root, const ProtoFiles& files,
                            const std::vector<std::string>& file_names, std::uint32_t id_max);

}  // namespace stressbot
