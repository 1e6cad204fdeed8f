#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "StressBot/protocol/Hook.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// The packets of one probed connection on their way to the wire and back, through what the
/// protocol has around them: as a bot's WrappedSession does it, but what cannot be read is told
/// instead of counted.
/// Thread: one at a time. The protocol lives longer. What is given back is valid until the next
/// call.
class ProbeWire {
 public:
  explicit ProbeWire(const Protocol& protocol) : protocol_(protocol) {}

  // `fault` is null, or what is wrong, as a noun.

  struct Bytes {
    const char* fault = nullptr;
    std::span<const std::byte> bytes{};
  };
  /// What a hook sends before anything else. To be called once, first.
  Bytes Open();
  /// What goes out for a packet.
  Bytes Wrap(std::span<const std::byte> packet);

  struct Measured {
    bool is_impossible = false;
    const char* fault = nullptr;   ///< of the impossible; null: the header's length is
    std::uint32_t wire_bytes = 0;  ///< of the packet, or how many must be there to tell
  };
  Measured Measure(std::span<const std::byte> bytes);

  struct Taken {
    const char* fault = nullptr;
    std::span<const std::byte> packet{};  ///< header and trailer included; empty: the hook kept it
    std::uint32_t id = 0;
    std::span<const std::byte> answer{};  ///< of a hook, to send at once
  };
  /// REQUIRES a packet as it was measured.
  Taken Take(std::span<const std::byte> wire);

 private:
  Taken TakePlain(std::span<const std::byte> plain);

  const Protocol& protocol_;
  EnvelopeState envelope_state_;
  std::uint32_t correlation_ = 0;
  std::optional<HookConnection> hook_;  ///< from Open on, if the protocol has one
  std::vector<std::byte> sealed_, wire_, plain_, opened_, answer_;
};

}  // namespace stressbot
