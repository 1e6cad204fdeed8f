#pragma once
#include <cstdint>

#include "ServerCore/net/PacketSession.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

class Bot;
class BotShard;

/// A bot's connection to one server: counts what passes and hands it to the bot.
/// Thread: its shard only. Owned by the core's shard; the bot outlives it.
class BotSession final : public servercore::PacketSession {
 public:
  BotSession(const servercore::SessionOptions& options, Bot& bot, BotShard& shard,
             std::uint8_t server, const Protocol& protocol, const ServerMetrics& metrics);

  /// Counts the packet as sent when the core takes it.
  servercore::SendResult SendPacket(PacketIndex packet, servercore::SendBuffer buffer);
  bool established() const { return established_; }
  std::uint64_t bytes_queued() const { return bytes_queued_; }  ///< by SendPacket, so far
  /// Whether so many of them have been handed to the system.
  bool HasSent(std::uint64_t bytes) const { return bytes_queued_ - queued_bytes() >= bytes; }
  std::uint64_t packets_sent() const { return packets_sent_; }
  std::uint64_t packets_received() const { return packets_received_; }

 private:
  void OnConnected() override;
  void OnPacket(const servercore::PacketView& packet) override;
  void OnBadPacket(servercore::PacketError error) override;
  void OnSent(servercore::Clock::time_point sent_at) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;

  Bot& bot_;
  BotShard& bot_shard_;
  const Protocol& protocol_;
  const ServerMetrics& metrics_;
  std::uint64_t bytes_queued_ = 0;
  std::uint64_t packets_sent_ = 0;
  std::uint64_t packets_received_ = 0;
  std::uint8_t server_;
  bool established_ = false;
};

}  // namespace stressbot
