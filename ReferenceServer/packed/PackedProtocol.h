#pragma once
#include <cstddef>
#include <optional>

#include "ClientPacketHandler.h"
#include "ServerCore/net/PacketSession.h"
#include "ServerCore/net/SendBuffer.h"

namespace reference {
class GameSession;
}

/// The game in packed structs. Its rules are written once, for messages; this is another way to
/// read and write them, so a handler serves both protocols.
namespace reference::packed {

/// Hands the packet to its Handle_C_..., or to Handle_INVALID. Every id is safe to receive.
/// Returns the id of the message in proto/Protocol.proto that it stands for; nullopt when invalid.
std::optional<std::uint16_t> Dispatch(GameSession& session, const servercore::PacketView& packet);

// The message as the packet that stands for it; nullopt when it does not fit a packet.
std::optional<servercore::SendBuffer> Write(servercore::SendBufferPool& pool,
                                            const Protocol::S_LOGIN& message);
std::optional<servercore::SendBuffer> Write(servercore::SendBufferPool& pool,
                                            const Protocol::S_ENTER_GAME& message);
std::optional<servercore::SendBuffer> Write(servercore::SendBufferPool& pool,
                                            const Protocol::S_CHAT& message);
/// What this small protocol has no packet for is not sent.
template <typename Message>
std::optional<servercore::SendBuffer> Write(servercore::SendBufferPool&, const Message&) {
  return std::nullopt;
}

}  // namespace reference::packed
