#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// A text unique to each send that says who sent it and when, in fixed width, so that a receiver
/// finds the parts by their position: 6 sender, 2 fan-out, 6 sequence, 8 moment, 6 lateness;
/// hexadecimal digits.
struct Stamp {
  static constexpr std::size_t kChars = 28;
  static constexpr std::uint32_t kLateMax = 0xFF'FFFF;  ///< 16.7 s: so much, or more

  std::uint32_t bot = 0;       ///< its slot within the run
  std::uint8_t fanout = 0;     ///< 1 + index in Program::fanouts; 0: nobody counts it
  std::uint32_t sequence = 0;  ///< of the bot's stamps
  std::uint32_t sent_us = 0;   ///< since the start of the run; what is beyond 71 min is left out
  std::uint32_t late_us = 0;   ///< from when it was due until it was sent

  void AppendTo(std::string& out) const;
  /// REQUIRES text.size() == kChars. nullopt when it is none.
  static std::optional<Stamp> Parse(std::string_view text);
};

/// The stamp in a packet that may be one of `fanout`; nullopt when there is none of that fan-out.
std::optional<Stamp> ReadStamp(const FanOut& fanout, std::uint8_t number,
                               std::span<const std::byte> payload);

}  // namespace stressbot
