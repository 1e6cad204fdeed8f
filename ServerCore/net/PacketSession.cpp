#include "ServerCore/net/PacketSession.h"

namespace servercore {

RecvProgress PacketSession::OnRecv(std::span<const std::byte> bytes) {
  const std::size_t header_bytes = framing_->header_bytes;
  std::size_t at = 0;
  while (state() == State::kOpen || state() == State::kDraining) {
    const std::span<const std::byte> rest = bytes.subspan(at);
    if (rest.empty()) return {at, 0};
    if (rest.size() < header_bytes) return {at, static_cast<std::uint32_t>(header_bytes)};
    const PacketFraming::Measure measure = framing_->Read(rest);
    if (measure.error != PacketError::kNone) {
      OnBadPacket(measure.error);
      Fail(CloseReason::kBadPacket);
      break;
    }
    if (rest.size() < measure.packet_bytes) return {at, measure.packet_bytes};
    const std::span<const std::byte> packet = rest.first(measure.packet_bytes);
    at += packet.size();
    OnPacket({measure.id, packet, packet.subspan(header_bytes)});
  }
  return {bytes.size(), 0};  // closed meanwhile: the rest is of no interest
}

}  // namespace servercore
