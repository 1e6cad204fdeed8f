#include "StressBot/engine/Program.h"

#include <algorithm>

namespace stressbot {

bool ListenStep::Answers() const {
  return std::any_of(actions.begin(), actions.end(),
                     [](const ListenAction& action) { return action.send.has_value(); });
}

double Arrivals::RateMax() const {
  double most = rate_at_start;
  for (const Stage& stage : stages) most = std::max(most, stage.rate);
  return most;
}

std::uint32_t Group::BotsMax() const {
  if (arrivals) return arrivals->bots_max;
  std::uint32_t most = bots_at_start;
  for (const Stage& stage : stages) most = std::max(most, stage.target);
  return most;
}

std::uint32_t Group::BotsPossible() const { return std::max(BotsMax(), bots_by_hand_max); }

Nanoseconds Group::Duration() const {
  Nanoseconds sum{};
  if (arrivals) {
    for (const Arrivals::Stage& stage : arrivals->stages) sum += stage.duration;
    return sum;
  }
  for (const Stage& stage : stages) sum += stage.duration;
  return sum;
}

std::uint32_t Program::BotsMax() const {
  std::uint32_t sum = 0;
  for (const Group& group : groups) sum += group.BotsMax();
  return sum;
}

std::uint32_t Program::BotsPossible() const {
  std::uint32_t sum = 0;
  for (const Group& group : groups) sum += group.BotsPossible();
  return sum;
}

Nanoseconds Program::LoadDuration() const {
  Nanoseconds end{};
  for (const Group& group : groups) end = std::max(end, group.start_time + group.Duration());
  return end;
}

}  // namespace stressbot
