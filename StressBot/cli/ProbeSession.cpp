#include "StressBot/cli/ProbeSession.h"

#include "ServerCore/thread/Shard.h"

namespace stressbot {

using servercore::RecvProgress;

void ProbeSession::Tell(ProbeEvent::Kind kind, std::span<const std::byte> bytes, std::uint32_t id) {
  events_.Add({.kind = kind, .bytes = {bytes.begin(), bytes.end()}, .id = id});
}

void ProbeSession::Refuse(const char* fault, std::span<const std::byte> bytes) {
  events_.Add({.kind = ProbeEvent::Kind::kImpossible,
               .bytes = {bytes.begin(), bytes.end()},
               .fault = fault});
  Fail(servercore::CloseReason::kBadPacket);
}

void ProbeSession::SendAtOnce(std::span<const std::byte> bytes) {
  if (!bytes.empty()) Send(shard().send_buffers().Copy(bytes));
}

void ProbeSession::OnConnected() {
  Tell(ProbeEvent::Kind::kConnected, {});
  const ProbeWire::Bytes greeting = wire_.Open();
  if (greeting.fault != nullptr) return Refuse(greeting.fault, {});
  SendAtOnce(greeting.bytes);
}

RecvProgress ProbeSession::OnRecv(std::span<const std::byte> bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::span<const std::byte> rest = bytes.subspan(at);
    const ProbeWire::Measured measured = wire_.Measure(rest);
    if (measured.is_impossible) {
      Refuse(measured.fault, rest);
      return {bytes.size(), 0};
    }
    if (rest.size() < measured.wire_bytes) {
      Tell(ProbeEvent::Kind::kIncomplete, rest);
      return {at, measured.wire_bytes};
    }
    if (!Take(rest.first(measured.wire_bytes))) return {bytes.size(), 0};
    at += measured.wire_bytes;
  }
  return {at, 0};
}

bool ProbeSession::Take(std::span<const std::byte> wire) {
  const ProbeWire::Taken taken = wire_.Take(wire);
  if (taken.fault != nullptr) {
    Refuse(taken.fault, wire);
    return false;
  }
  if (taken.packet.empty()) {
    Tell(ProbeEvent::Kind::kKept, wire);
  } else {
    Tell(ProbeEvent::Kind::kPacket, taken.packet, taken.id);
  }
  SendAtOnce(taken.answer);
  return true;
}

void ProbeSession::OnDisconnected(servercore::CloseReason reason, std::error_code error) {
  events_.Add({.kind = ProbeEvent::Kind::kEnded, .reason = reason, .error = error});
}

}  // namespace stressbot
