#pragma once
#include <cstddef>
#include <cstdint>

#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/SendBuffer.h"

namespace servercore::testing {

enum EchoPacketId : std::uint32_t { kEcho = 1, kBroadcast = 2 };

/// What a packet carries: who sent it, its number there, and filling that must stay as it was.
struct EchoBody {
  std::uint32_t sender = 0;
  std::uint32_t number = 0;
};

SendBuffer MakeEchoPacket(SendBufferPool& pool, const PacketFraming& framing, EchoPacketId id,
                          EchoBody body, std::size_t filling);
/// False when any byte is not as it was written.
bool ParseEchoPacket(const PacketView& packet, EchoBody& body);

}  // namespace servercore::testing
