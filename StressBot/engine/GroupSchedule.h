#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// When each bot of a group begins and ends, from the group's stages: the number of bots changes
/// linearly within a stage, the bot with the lowest number begins first and ends last. Each has a
/// last end at the group's, whether it runs then or not: until then it may be wanted by somebody
/// who changes the number. Bots of an open group begin with arrivals, so here they only end. Times
/// count from the start of the run.
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
  std::uint32_t bots_max() const { return bots_max_; }  ///< that it ever has, or had

  /// How many bots of a closed group have begun and not ended, edges of that very moment included.
  std::uint32_t BotsAt(Nanoseconds at) const;
  /// From `at` on the number goes to `bots`, linearly, and stays there until the end. Edges are
  /// counted anew: of a bot that runs at `at` the next one is its end. REQUIRES at < end().
  void Change(Nanoseconds at, Nanoseconds over, std::uint32_t bots);

 private:
  struct Ramp {
    Nanoseconds from{}, duration{};
    std::uint32_t bots_before = 0, bots_after = 0;
  };
  static Edge EdgeOn(const Ramp& ramp, std::uint32_t bot);

  const std::uint32_t bots_possible_;
  std::uint32_t bots_max_;
  std::vector<Ramp> ramps_;
  Nanoseconds end_{};
};

}  // namespace stressbot
