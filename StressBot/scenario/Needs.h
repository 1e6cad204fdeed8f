#pragma once
#include <cstdint>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// What a run asks of this machine when all its bots are there.
struct Needs {
  std::uint64_t connections = 0;  ///< at once; each takes one descriptor
  /// Local ports towards the busiest target, those in TIME_WAIT after orderly churn, or after
  /// visits of arrivals, included.
  std::uint64_t ports = 0;
  std::uint64_t ports_at_once = 0;  ///< without those in TIME_WAIT
};
Needs NeedsOf(const Program& program);

/// Packets that the bots of a group send each second once all of them are there: what its repeats
/// with `every` ask for. Steps outside of such repeats are paced by the server and not counted.
/// With arrivals: what the arrivals of a second at the greatest rate send in all, an `until-stop`
/// not counted.
double PacketsPerSecond(const Group& group);
/// In one pass through the flow, without what an `until-stop` repeats.
double PacketsPerPass(const Group& group);

}  // namespace stressbot
