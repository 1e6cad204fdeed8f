#include "StressBot/engine/GroupSchedule.h"

#include <algorithm>

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

GroupSchedule::GroupSchedule(const Group& group)
    : bots_possible_(group.BotsPossible()), bots_max_(group.BotsMax()) {
  Nanoseconds at = group.start_time;
  if (group.arrivals) {
    end_ = at + group.Duration();
    ramps_.push_back({end_, Nanoseconds(0), bots_possible_, 0});
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
  ramps_.push_back({end_, Nanoseconds(0), bots_possible_, 0});
}

/// REQUIRES that the bot begins or ends on it.
GroupSchedule::Edge GroupSchedule::EdgeOn(const Ramp& ramp, std::uint32_t bot) {
  if (ramp.bots_before <= bot) {
    const std::uint32_t change = ramp.bots_after - ramp.bots_before;
    return {ramp.from + Part(ramp.duration, bot - ramp.bots_before, change), true};
  }
  const std::uint32_t change = ramp.bots_before - ramp.bots_after;
  return {ramp.from + Part(ramp.duration, ramp.bots_before - bot, change), false};
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
    return EdgeOn(ramp, bot);
  }
  return std::nullopt;
}

std::uint32_t GroupSchedule::BotsAt(Nanoseconds at) const {
  std::uint32_t bots = 0;
  for (const Ramp& ramp : ramps_) {
    if (ramp.from > at) break;
    // The highest that has begun, or has not ended: edges of a ramp are in order of the numbers.
    std::uint32_t low = std::min(ramp.bots_before, ramp.bots_after);
    std::uint32_t high = std::max(ramp.bots_before, ramp.bots_after);
    const bool grows = ramp.bots_before < ramp.bots_after;
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const bool is_there = (EdgeOn(ramp, middle).at <= at) == grows;
      (is_there ? low : high) = is_there ? middle + 1 : middle;
    }
    bots = low;
  }
  return bots;
}

void GroupSchedule::Change(Nanoseconds at, Nanoseconds over, std::uint32_t bots) {
  const std::uint32_t before = BotsAt(at);
  bots_max_ = std::max(bots_max_, bots);
  ramps_.clear();
  if (bots != before) ramps_.push_back({at, std::min(over, end_ - at), before, bots});
  ramps_.push_back({end_, Nanoseconds(0), bots_possible_, 0});
}

}  // namespace stressbot
