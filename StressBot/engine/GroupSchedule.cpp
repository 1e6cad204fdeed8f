#include "StressBot/engine/GroupSchedule.h"

namespace stressbot {

namespace {

/// The part of `whole` at `numerator / denominator`. In two steps, since the product may not fit.
Nanoseconds Part(Nanoseconds whole, std::uint32_t numerator, std::uint32_t denominator) {
  const auto ns = static_cast<std::uint64_t>(whole.count());
  const std::uint64_t part =
      ns / denominator * numerator + ns % denominator * numerator / denominator;
  return Nanoseconds(static_cast<std::int64_t>(part));
}

}  // namespace

GroupSchedule::GroupSchedule(const Group& group) {
  Nanoseconds at = group.start_time;
  if (group.arrivals) {
    end_ = at + group.Duration();
    ramps_.push_back({end_, Nanoseconds(0), group.arrivals->bots_max, 0});
    return;
  }
  if (group.bots_at_start > 0) ramps_.push_back({at, Nanoseconds(0), 0, group.bots_at_start});
  std::uint32_t bots = group.bots_at_start;
  for (const Stage& stage : group.stages) {
    if (stage.target != bots) ramps_.push_back({at, stage.duration, bots, stage.target});
    bots = stage.target;
    at += stage.duration;
  }
  end_ = at;
  if (bots > 0) ramps_.push_back({end_, Nanoseconds(0), bots, 0});
}

std::optional<GroupSchedule::Edge> GroupSchedule::EdgeOf(std::uint32_t bot, std::size_t n) const {
  for (const Ramp& ramp : ramps_) {
    const bool begins = ramp.bots_before <= bot && bot < ramp.bots_after;
    const bool ends = ramp.bots_after <= bot && bot < ramp.bots_before;
    if (!begins && !ends) continue;
    if (n > 0) {
      --n;
      continue;
    }
    if (begins) {
      const std::uint32_t change = ramp.bots_after - ramp.bots_before;
      return Edge{ramp.from + Part(ramp.duration, bot - ramp.bots_before, change), true};
    }
    const std::uint32_t change = ramp.bots_before - ramp.bots_after;
    return Edge{ramp.from + Part(ramp.duration, ramp.bots_before - bot, change), false};
  }
  return std::nullopt;
}

}  // namespace stressbot
