#include "StressBot/engine/WrappedSession.h"

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"

namespace stressbot {

using servercore::CloseReason;
using servercore::PacketFraming;
using servercore::PacketView;
using Room = BotShard::PacketRoom;

WrappedSession::WrappedSession(const servercore::SessionOptions& options, Bot& bot, BotShard& shard,
                               std::uint8_t server, const Protocol& protocol,
                               const ServerMetrics& metrics, std::uint64_t seed)
    : BotSession(options, bot, shard, server, protocol, metrics), seed_(seed) {}

void WrappedSession::OnConnected() {
  if (const Hook* hook = protocol().hook()) {
    hook_.emplace(*hook, framing().packet_bytes_max);
    const HookConnection::Bytes greeting =
        hook_->Open(seed_, bot_shard().RoomFor(Room::kAnswer, HookConnection::kAnswerBytesMax));
    if (greeting.fault != nullptr) {
      RefusePacket(greeting.fault);
    } else {
      SendAtOnce(greeting.bytes);
    }
  }
  BotSession::OnConnected();
}

servercore::SendBuffer WrappedSession::Wrap(std::span<std::byte> packet,
                                            std::uint32_t correlation) {
  servercore::SendBufferPool& buffers = shard().send_buffers();
  if (const Envelope* envelope = protocol().envelope())
    envelope->Seal(packet, envelope_state_, correlation);
  if (!hook_) return buffers.Close(packet.size());
  const HookConnection::Bytes wire =
      hook_->Encode(packet, bot_shard().RoomFor(Room::kWire, hook_->wire_bytes_max()));
  buffers.Close(0);
  if (wire.fault != nullptr) {
    bot().ReportUnsendable(server(), wire.fault);
    return {};
  }
  return buffers.Copy(wire.bytes);
}

void WrappedSession::SendAtOnce(std::span<const std::byte> bytes) {
  if (!bytes.empty()) SendRaw(shard().send_buffers().Copy(bytes));
}

std::uint32_t WrappedSession::NextCorrelation() {
  const Envelope* envelope = protocol().envelope();
  const std::size_t bytes = envelope != nullptr ? envelope->correlation_bytes() : 0;
  if (bytes == 0) return 0;
  const std::uint32_t most = bytes == 4 ? 0xFFFFFFFFU : (1U << (8 * bytes)) - 1;
  last_correlation_ = last_correlation_ == most ? 1 : last_correlation_ + 1;
  return last_correlation_;
}

servercore::RecvProgress WrappedSession::OnRecv(std::span<const std::byte> bytes) {
  if (!hook_) return BotSession::OnRecv(bytes);
  std::size_t at = 0;
  while (state() == State::kOpen || state() == State::kDraining) {
    const std::span<const std::byte> rest = bytes.subspan(at);
    if (rest.empty()) return {at, 0};
    const std::optional<std::size_t> wanted = MeasureWire(rest);
    if (!wanted) break;
    if (*wanted > rest.size()) return {at, static_cast<std::uint32_t>(*wanted)};
    wire_wanted_ = 0;
    wire_size_known_ = false;
    at += *wanted;
    TakeWire(rest.first(*wanted));
  }
  return {bytes.size(), 0};  // closed meanwhile: the rest is of no interest
}

/// A hook is asked for a packet's size until it knows it, never again then: it could change its
/// mind, and what was promised to the session must hold.
std::optional<std::size_t> WrappedSession::MeasureWire(std::span<const std::byte> bytes) {
  if (wire_size_known_ || bytes.size() < wire_wanted_) return wire_wanted_;
  if (!protocol().hook()->measures()) return MeasureByHeader(bytes);
  const HookConnection::Measured measured = hook_->Measure(bytes);
  const bool contradicts = measured.is_whole && measured.wire_bytes < wire_wanted_;
  if (measured.fault != nullptr || contradicts) {
    RefusePacket(contradicts ? "a packet smaller than the hook's measure needed" : measured.fault);
    return std::nullopt;
  }
  wire_wanted_ = measured.wire_bytes;
  wire_size_known_ = measured.is_whole;
  return wire_wanted_;
}

std::optional<std::size_t> WrappedSession::MeasureByHeader(std::span<const std::byte> bytes) {
  if (bytes.size() < framing().header_bytes) return framing().header_bytes;
  const PacketFraming::Measure measure = framing().Read(bytes);
  if (measure.error == servercore::PacketError::kNone) return measure.packet_bytes;
  OnBadPacket(measure.error);
  Fail(CloseReason::kBadPacket);
  return std::nullopt;
}

void WrappedSession::TakeWire(std::span<const std::byte> wire) {
  BotShard& rooms = bot_shard();
  const HookConnection::Decoded decoded =
      hook_->Decode(wire, rooms.RoomFor(Room::kPlain, framing().packet_bytes_max),
                    rooms.RoomFor(Room::kAnswer, HookConnection::kAnswerBytesMax));
  if (decoded.fault != nullptr) return RefusePacket(decoded.fault);
  SendAtOnce(decoded.answer);
  if (state() == State::kClosing) return;  // our queue limit
  if (decoded.plain.empty()) return CountReceived(wire.size());
  if (decoded.plain.size() < framing().header_bytes)
    return RefusePacket("a packet without its header, as the hook decoded it");
  const PacketFraming::Measure measure = framing().Read(decoded.plain);
  if (measure.error != servercore::PacketError::kNone ||
      measure.packet_bytes != decoded.plain.size()) {
    return RefusePacket(
        "a packet with another length than its header says, as the hook decoded it");
  }
  TakePlain(decoded.plain, measure.id, wire.size());
}

void WrappedSession::OnPacket(const PacketView& packet) {
  TakePlain(packet.bytes, packet.id, packet.bytes.size());
}

void WrappedSession::TakePlain(std::span<const std::byte> plain, std::uint32_t id,
                               std::size_t wire_bytes) {
  const std::size_t header_bytes = framing().header_bytes;
  const Envelope* envelope = protocol().envelope();
  if (envelope == nullptr) return Deliver({id, plain, plain.subspan(header_bytes)}, wire_bytes);
  const std::span<std::byte> room = envelope->scrambles()
                                        ? bot_shard().RoomFor(Room::kOpened, plain.size())
                                        : std::span<std::byte>();
  const Envelope::Opened opened = envelope->Open(plain, room, envelope_state_);
  if (opened.fault != Envelope::Fault::kNone) return RefusePacket(Describe(opened.fault));
  received_correlation_ = envelope->CorrelationOf(opened.packet);
  if (envelope->scrambles()) id = framing().Read(opened.packet).id;
  const std::size_t around = header_bytes + envelope->trailer_bytes();
  Deliver({id, opened.packet, opened.packet.subspan(header_bytes, plain.size() - around)},
          wire_bytes);
}

void WrappedSession::RefusePacket(const char* what) {
  bot_shard().frame().Add(metrics().packets_invalid);
  fault_ = what;
  Fail(CloseReason::kBadPacket);
}

}  // namespace stressbot
