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
class BotSession : public servercore::PacketSession {
 public:
  BotSession(const servercore::SessionOptions& options, Bot& bot, BotShard& shard,
             std::uint8_t server, const Protocol& protocol, const ServerMetrics& metrics);

  /// Counts the packet as sent when the core takes it.
  servercore::SendResult SendPacket(PacketIndex packet, servercore::SendBuffer buffer);
  /// Bytes of no packet, or not of a whole one: counts them as sent when the core takes them.
  servercore::SendResult SendRaw(servercore::SendBuffer buffer);
  void CountPacketSent(PacketIndex packet);
  bool established() const { return established_; }
  std::uint64_t bytes_queued() const { return bytes_queued_; }  ///< by SendPacket, so far
  /// Whether so many of them have been handed to the system.
  bool HasSent(std::uint64_t bytes) const { return bytes_queued_ - queued_bytes() >= bytes; }
  std::uint64_t packets_sent() const { return packets_sent_; }
  std::uint64_t packets_received() const { return packets_received_; }

  /// Whether this is a WrappedSession.
  bool is_wrapped() const { return is_wrapped_; }
  /// For a request: the next number of the connection for its correlation field, from 1; 0 where
  /// there is none.
  virtual std::uint32_t NextCorrelation() { return 0; }
  virtual const char* fault() const { return "impossible packet"; }  ///< after kBadPacket: a noun
  virtual std::uint32_t received_correlation() const { return 0; }   ///< of the packet being read

 protected:
  void OnConnected() override;
  void OnPacket(const servercore::PacketView& packet) override;
  void OnBadPacket(servercore::PacketError error) override;
  /// Counts a packet that took so many bytes on the wire, and hands it to the bot.
  void Deliver(const servercore::PacketView& packet, std::size_t wire_bytes);
  void CountReceived(std::size_t wire_bytes);  ///< of bytes that are no packet for the bot

  Bot& bot() { return bot_; }
  BotShard& bot_shard() { return bot_shard_; }
  const Protocol& protocol() const { return protocol_; }
  const ServerMetrics& metrics() const { return metrics_; }
  std::uint8_t server() const { return server_; }

 private:
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
  const bool is_wrapped_;
};

}  // namespace stressbot
