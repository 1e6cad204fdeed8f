#include "StressBot/engine/BotRecorder.h"

#include <algorithm>
#include <cstring>

#include "StressBot/engine/TraceLog.h"

namespace stressbot {
namespace {

constexpr std::uint32_t kLeftOutMost = 0xFFFF;  ///< one bot of 65,536 is still recorded

constexpr std::size_t RoundedUp(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

void BotRecorder::Add(const TraceHead& head, std::span<const std::byte> bytes) {
  if (log_ != nullptr) {
    log_->Add({head, {bytes.begin(), bytes.end()}});
    return;
  }
  bytes = bytes.first(std::min(bytes.size(), kPayloadBytesMax));
  const std::size_t needed = sizeof(Stored) + RoundedUp(bytes.size());
  if (used_[current_] + needed > kHalfBytes) TurnHalves(head.at);
  if (memory_ == nullptr) memory_ = std::make_unique_for_overwrite<std::byte[]>(2 * kHalfBytes);
  std::byte* to = memory_.get() + current_ * kHalfBytes + used_[current_];
  const Stored stored{head, static_cast<std::uint32_t>(bytes.size())};
  std::memcpy(to, &stored, sizeof stored);
  if (!bytes.empty()) std::memcpy(to + sizeof stored, bytes.data(), bytes.size());
  used_[current_] += needed;
}

void BotRecorder::TurnHalves(Nanoseconds now) {
  const Nanoseconds lasted = now - half_began_;
  if (lasted < kSpanMin) {
    left_out_ = std::min(left_out_ * 2 + 1, kLeftOutMost);
  } else if (lasted > 8 * kSpanMin) {
    left_out_ /= 2;
  }
  half_began_ = now;
  current_ = 1 - current_;
  used_[current_] = 0;
}

std::vector<TraceRecord> BotRecorder::Last(std::uint32_t bot) const {
  std::vector<TraceRecord> records;
  if (log_ != nullptr || !Wants(bot)) return records;
  Collect(1 - current_, bot, records);
  Collect(current_, bot, records);
  if (records.size() > kConversationMax)
    records.erase(records.begin(), records.end() - kConversationMax);
  return records;
}

void BotRecorder::Collect(std::size_t half, std::uint32_t bot,
                          std::vector<TraceRecord>& out) const {
  for (std::size_t at = 0; at < used_[half];) {
    Stored stored;
    const std::byte* from = memory_.get() + half * kHalfBytes + at;
    std::memcpy(&stored, from, sizeof stored);
    from += sizeof stored;
    at += sizeof stored + RoundedUp(stored.bytes);
    if (stored.head.bot == bot) out.push_back({stored.head, {from, from + stored.bytes}});
  }
}

}  // namespace stressbot
