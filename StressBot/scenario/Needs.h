#pragma once
#include <cstdint>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// What a run asks of this machine when all its bots are there.
struct Needs {
  std::uint64_t connections = 0;  ///< at once; each takes one descriptor
  /// Local ports towards the busiest target, those in TIME_WAIT after orderly churn included.
  std::uint64_t ports = 0;
};
Needs NeedsOf(const Program& program);

/// Packets that the bots of a group send each second once all of them are there: what its repeats
/// with `every` ask for. Steps outside of such repeats are paced by the server and not counted.
double PacketsPerSecond(const Group& group);

}  // namespace stressbot
