#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "StressBot/engine/TraceRecord.h"

namespace stressbot {

class TraceLog;

/// Remembers for a while what the bots of a shard sent and what answered them, so that a failure
/// can be shown with the conversation that led to it. Two halves of fixed size: the full one is
/// dropped when the other is full too. When they do not last for kSpanMin, fewer bots are recorded:
/// what is there of those is whole, and busy shards hardly pay for it.
///
/// With a TraceLog everything goes there instead.
/// Thread: its shard only.
class BotRecorder {
 public:
  static constexpr std::size_t kHalfBytes = 512 * 1024;
  static constexpr Nanoseconds kSpanMin = std::chrono::seconds(6);  ///< over the longest time-outs
  static constexpr std::size_t kPayloadBytesMax = 1'024;            ///< kept of a packet
  static constexpr std::size_t kConversationMax = 24;               ///< records of one failure

  /// `log` may be null, and outlives the recorder.
  explicit BotRecorder(TraceLog* log) : log_(log) {}

  /// Whether this bot is among the recorded ones. For each packet: as cheap as a branch.
  bool Wants(std::uint32_t bot) const { return (Spread(bot) & left_out_) == 0; }
  /// REQUIRES Wants(head.bot).
  void Add(const TraceHead& head, std::span<const std::byte> bytes);
  /// The last that was recorded of the bot, oldest first; empty when it is not recorded.
  std::vector<TraceRecord> Last(std::uint32_t bot) const;

 private:
  struct Stored {
    TraceHead head;
    std::uint32_t bytes = 0;  ///< that follow; the next record begins at the next multiple of 8
  };

  /// Ids of one shard lie at equal distances, so they are mixed before some are chosen.
  static std::uint32_t Spread(std::uint32_t bot) { return (bot * 0x9E37'79B1U) >> 12U; }
  void TurnHalves(Nanoseconds now);
  void Collect(std::size_t half, std::uint32_t bot, std::vector<TraceRecord>& out) const;

  TraceLog* const log_;
  std::uint32_t left_out_ = 0;  ///< mask: bots of which any of these bits is set are not recorded
  std::size_t current_ = 0;
  std::array<std::size_t, 2> used_{};    ///< bytes of each half
  std::unique_ptr<std::byte[]> memory_;  ///< of both halves, once something is recorded
  Nanoseconds half_began_{};
};

}  // namespace stressbot
