#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "StressBot/engine/BotSession.h"
#include "StressBot/protocol/Hook.h"

namespace stressbot {

/// A bot's connection to a server whose packets have more around their payload than length, id and
/// constants (Protocol::is_wrapped). Apart from BotSession, so that bots on other servers have
/// nothing of it: no memory and no work.
/// Thread: its shard only.
class WrappedSession final : public BotSession {
 public:
  /// `seed` is what randomness a hook has.
  WrappedSession(const servercore::SessionOptions& options, Bot& bot, BotShard& shard,
                 std::uint8_t server, const Protocol& protocol, const ServerMetrics& metrics,
                 std::uint64_t seed);

  /// What goes out for a packet that was encoded into `packet`, the beginning of the shard's open
  /// send buffer. Empty, and reported, when it cannot be sent.
  servercore::SendBuffer Wrap(std::span<std::byte> packet, std::uint32_t correlation);

  std::uint32_t NextCorrelation() override;
  std::uint32_t received_correlation() const override { return received_correlation_; }
  const char* fault() const override { return fault_; }

 private:
  void OnConnected() override;
  servercore::RecvProgress OnRecv(std::span<const std::byte> bytes) override;
  void OnPacket(const servercore::PacketView& packet) override;
  /// Size of the wire packet at the beginning of `bytes`, or how many must be there to tell;
  /// nullopt after refusing it.
  std::optional<std::size_t> MeasureWire(std::span<const std::byte> bytes);
  std::optional<std::size_t> MeasureByHeader(std::span<const std::byte> bytes);
  void TakeWire(std::span<const std::byte> wire);
  /// Takes a packet apart that is as the protocol file says, and took so many bytes on the wire.
  void TakePlain(std::span<const std::byte> plain, std::uint32_t id, std::size_t wire_bytes);
  void SendAtOnce(std::span<const std::byte> bytes);
  void RefusePacket(const char* what);

  const char* fault_ = "impossible packet";
  EnvelopeState envelope_state_;
  std::uint32_t last_correlation_ = 0;
  std::uint32_t received_correlation_ = 0;
  const std::uint64_t seed_;
  std::optional<HookConnection> hook_;  ///< from OnConnected on, if the protocol has one
  std::uint32_t wire_wanted_ = 0;       ///< of the packet that is incomplete
  bool wire_size_known_ = false;        ///< that is its size
};

}  // namespace stressbot
