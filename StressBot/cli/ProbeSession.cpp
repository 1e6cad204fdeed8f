#include "StressBot/cli/ProbeSession.h"

namespace stressbot {

using servercore::PacketError;
using servercore::RecvProgress;

void ProbeSession::Tell(ProbeEvent::Kind kind, std::span<const std::byte> bytes, std::uint32_t id) {
  events_.Add({.kind = kind, .bytes = {bytes.begin(), bytes.end()}, .id = id});
}

RecvProgress ProbeSession::OnRecv(std::span<const std::byte> bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::span<const std::byte> rest = bytes.subspan(at);
    if (rest.size() < framing_.header_bytes) {
      Tell(ProbeEvent::Kind::kIncomplete, rest);
      return {at, framing_.header_bytes};
    }
    const auto measure = framing_.Read(rest);
    if (measure.error != PacketError::kNone) {
      Tell(ProbeEvent::Kind::kImpossible, rest);
      Fail(servercore::CloseReason::kBadPacket);
      return {bytes.size(), 0};
    }
    if (rest.size() < measure.packet_bytes) {
      Tell(ProbeEvent::Kind::kIncomplete, rest);
      return {at, measure.packet_bytes};
    }
    Tell(ProbeEvent::Kind::kPacket, rest.first(measure.packet_bytes), measure.id);
    at += measure.packet_bytes;
  }
  return {at, 0};
}

void ProbeSession::OnDisconnected(servercore::CloseReason reason, std::error_code error) {
  events_.Add({.kind = ProbeEvent::Kind::kEnded, .reason = reason, .error = error});
}

}  // namespace stressbot
