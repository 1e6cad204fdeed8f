#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "StressBot/engine/Distribution.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// Bots of a group are cut, and come back.
struct DropOrder {
  std::optional<std::uint16_t> group;  ///< in Program::groups; unset: all groups
  double share = 1;                    ///< of the group's bots, 0 to 1; drawn by the seed
  bool reset = true;                   ///< else they leave in order
  Distribution away;                   ///< until the next iteration, from the drop on
};

/// What becomes of the server process. The engine only says when; whoever owns the process does it.
struct ServerOrder {
  enum class Do : std::uint8_t { kKill, kStop, kPause, kRestart };
  Do what = Do::kKill;
  /// How long it is down, or still. Unset (kKill, kStop): until another event starts it again.
  std::optional<Nanoseconds> lasts;
};

/// A place on the time axis that gets a name, and nothing else.
struct MarkOrder {};

/// The first bot that sees this packet triggers.
struct PacketTrigger {
  std::uint8_t server = 0;
  PacketIndex packet = 0;
  Nanoseconds cooldown = std::chrono::seconds(1);  ///< from a firing until it is armed again
};

/// Something that happens to a run from outside of its flows. Times count from the run's start;
/// nothing happens any more when the load is over.
struct Event {
  /// No event comes more often: each one touches all shards.
  static constexpr Nanoseconds kShortestPeriod = std::chrono::milliseconds(10);

  std::string name;
  Nanoseconds from{};  ///< the first time; with a trigger: it is not armed before
  std::optional<Nanoseconds> every;
  std::optional<PacketTrigger> on;
  Nanoseconds until = Nanoseconds::max();  ///< not at or after it
  std::uint32_t count = 0;                 ///< so often at most; 0: no limit
  std::variant<MarkOrder, DropOrder, ServerOrder> order;
  /// Connections that end, and connects that fail, so long after it are excused.
  Nanoseconds excuses{};
};

}  // namespace stressbot
