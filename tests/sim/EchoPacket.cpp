#include "tests/sim/EchoPacket.h"

#include <algorithm>
#include <cstring>

namespace servercore::testing {

SendBuffer MakeEchoPacket(SendBufferPool& pool, const PacketFraming& framing, EchoPacketId id,
                          EchoBody body, std::size_t filling) {
  const std::size_t bytes = framing.header_bytes + sizeof body + filling;
  const std::span<std::byte> room = pool.Open(bytes);
  framing.Write(room, static_cast<std::uint32_t>(bytes), id);
  std::memcpy(room.data() + framing.header_bytes, &body, sizeof body);
  std::memset(room.data() + framing.header_bytes + sizeof body, static_cast<int>(body.number % 256),
              filling);
  return pool.Close(bytes);
}

bool ParseEchoPacket(const PacketView& packet, EchoBody& body) {
  if (packet.payload.size() < sizeof body) return false;
  std::memcpy(&body, packet.payload.data(), sizeof body);
  return std::ranges::all_of(packet.payload.subspan(sizeof body), [&](std::byte filling) {
    return filling == static_cast<std::byte>(body.number % 256);
  });
}

}  // namespace servercore::testing
