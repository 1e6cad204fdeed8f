#include "StressBot/engine/BotSession.h"

#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"

namespace stressbot {

using servercore::CloseReason;
using servercore::SendResult;

BotSession::BotSession(const servercore::SessionOptions& options, Bot& bot, BotShard& bot_shard,
                       std::uint8_t server, const Protocol& protocol, const ServerMetrics& metrics)
    : PacketSession(options, protocol.framing()),
      bot_(bot),
      bot_shard_(bot_shard),
      protocol_(protocol),
      metrics_(metrics),
      server_(server),
      is_wrapped_(protocol.is_wrapped()) {}

SendResult BotSession::SendPacket(PacketIndex packet, servercore::SendBuffer buffer) {
  const SendResult result = SendRaw(std::move(buffer));
  if (result == SendResult::kQueued) CountPacketSent(packet);
  return result;
}

SendResult BotSession::SendRaw(servercore::SendBuffer buffer) {
  const std::uint32_t bytes = buffer.size();
  const SendResult result = Send(std::move(buffer));
  if (result != SendResult::kQueued) return result;
  bytes_queued_ += bytes;
  bot_shard_.frame().Add(metrics_.data_sent, bytes);
  return result;
}

void BotSession::CountPacketSent(PacketIndex packet) {
  ++packets_sent_;
  bot_shard_.frame().Add({metrics_.packets_sent.index + packet});
}

void BotSession::OnConnected() {
  established_ = true;
  bot_.OnConnected(server_);
}

void BotSession::OnPacket(const servercore::PacketView& packet) {
  Deliver(packet, packet.bytes.size());
}

void BotSession::Deliver(const servercore::PacketView& packet, std::size_t wire_bytes) {
  ++packets_received_;
  MetricsFrame& frame = bot_shard_.frame();
  frame.Add(metrics_.data_received, wire_bytes);
  const PacketIndex index = protocol_.IndexOfId(packet.id);
  if (index == kUnknownPacket) {
    frame.Add(metrics_.packets_invalid);
    bot_.OnUnknownPacket(server_, packet.id, packet.payload);
    if (protocol_.unknown_packets_close()) Fail(CloseReason::kBadPacket);
    return;
  }
  frame.Add({metrics_.packets_received.index + index});
  if (!bot_.OnPacket(server_, index, packet.payload)) {
    frame.Add({metrics_.packets_unhandled.index + index});
  }
  if (bot_shard_.events().awaits_packets()) {
    bot_shard_.events().OnPacket(server_, index, bot_.id());
  }
}

void BotSession::CountReceived(std::size_t wire_bytes) {
  bot_shard_.frame().Add(metrics_.data_received, wire_bytes);
}

void BotSession::OnBadPacket(servercore::PacketError) {
  bot_shard_.frame().Add(metrics_.packets_invalid);
}

void BotSession::OnSent(servercore::Clock::time_point sent_at) { bot_.OnSent(server_, sent_at); }

void BotSession::OnDisconnected(CloseReason reason, std::error_code error) {
  bot_.OnDisconnected(server_, *this, reason, error);
}

}  // namespace stressbot
