#pragma once
#include <cstddef>
#include <cstring>
#include <span>

#include "ServerCore/net/PacketSession.h"

namespace reference::defects {

/// Cuts a stream into packets as the documents do, who look whether a whole packet is there and not
/// whether it is one: of a packet of size 0 there is always enough, and behind it comes the same
/// one again. The thread handles it for ever; who shares the thread waits for ever.
/// handle(PacketView) is called for each.
template <typename Handle>
servercore::RecvProgress RecvWithoutLowerBound(std::span<const std::byte> bytes, Handle handle) {
  std::size_t at = 0;
  for (;;) {
    const std::span<const std::byte> rest = bytes.subspan(at);
    if (rest.empty()) return {at, 0};
    servercore::PacketHeader header;
    if (rest.size() < sizeof header) return {at, sizeof header};
    std::memcpy(&header, rest.data(), sizeof header);
    if (rest.size() < header.size) return {at, header.size};
    const std::span<const std::byte> packet = rest.first(header.size);
    const bool has_payload = packet.size() > sizeof header;
    handle(servercore::PacketView{
        header.id, packet,
        has_payload ? packet.subspan(sizeof header) : std::span<const std::byte>()});
    at += packet.size();  // the mistake: by nothing
  }
}

}  // namespace reference::defects
