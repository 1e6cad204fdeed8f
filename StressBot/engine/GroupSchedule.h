#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// When each bot of a group begins and ends, from the group's stages: the number of bots changes
/// linearly within a stage, the bot with the lowest number begins first and ends last. Bots of an
/// open group begin with arrivals, so here they only end.
/// Times count from the start of the run.
class GroupSchedule {
 public:
  explicit GroupSchedule(const Group& group);

  struct Edge {
    Nanoseconds at{};
    bool begins = false;  ///< else it ends
  };
  /// The nth edge of that bot (0 is its first beginning); nullopt after its last end.
  std::optional<Edge> EdgeOf(std::uint32_t bot, std::size_t n) const;
  Nanoseconds end() const { return end_; }

 private:
  struct Ramp {
    Nanoseconds from{}, duration{};
    std::uint32_t bots_before = 0, bots_after = 0;
  };
  std::vector<Ramp> ramps_;
  Nanoseconds end_{};
};

}  // namespace stressbot
