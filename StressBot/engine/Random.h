#pragma once
#include <cstdint>
#include <initializer_list>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// A counter-based generator: the numbers depend on the key alone, so a bot draws the same whatever
/// its shard, the timing or the other bots. (The idea is that of Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", 2011; the mixing is the finaliser of splitmix64.)
class Random {
 public:
  explicit Random(std::initializer_list<std::uint64_t> key);

  std::uint64_t Next();
  double NextUnit();  ///< 0 <= x < 1
  double Draw(const Distribution& distribution);
  /// For durations in ns: never negative.
  Nanoseconds DrawDuration(const Distribution& distribution);

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace stressbot
