#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/Protocol.h"

/// What `stressbot probe` understands of what is typed and makes of what arrives. It is the first
/// that somebody sees of a new server, so it says what is probably wrong. Pure functions.
namespace stressbot {

struct ProbePacket {
  PacketIndex packet = kUnknownPacket;
  std::vector<std::byte> bytes;  ///< header included
};

/// `C_LOGIN {"name": "a"}`: a packet's name and, if it has any, its fields. nullopt with a sentence
/// in `mistake`.
std::optional<ProbePacket> ReadProbePacket(const Protocol& protocol, std::string_view line,
                                           std::string& mistake);

/// One line a packet: its name, id, way and fields.
std::string ListPackets(const Protocol& protocol);

/// What to look at when the bytes at hand, which begin with a header, are no packet yet or can be
/// none: "the length field says 40,000 ... ; is the byte order right?".
/// REQUIRES a whole header.
std::string ExplainLength(const servercore::PacketFraming& framing,
                          std::span<const std::byte> bytes);

/// The same for an id that the protocol does not have.
std::string ExplainUnknownId(const Protocol& protocol, std::span<const std::byte> packet,
                             std::uint32_t id);

}  // namespace stressbot
