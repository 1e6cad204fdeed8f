#include "StressBot/scenario/LoadOverrides.h"

#include <algorithm>
#include <cmath>

namespace stressbot {
namespace {

void ScaleGroup(Group& group, std::uint32_t bots) {
  const std::uint64_t old = group.BotsMax();
  if (old == 0) return;
  const auto scale = [&](std::uint32_t count) {
    const std::uint64_t scaled = (std::uint64_t{count} * bots + old / 2) / old;
    return count == 0 ? 0 : static_cast<std::uint32_t>(std::max<std::uint64_t>(scaled, 1));
  };
  group.bots_at_start = scale(group.bots_at_start);
  for (Stage& stage : group.stages) stage.target = scale(stage.target);
}

/// The groups' new numbers by largest remainders. REQUIRES total >= number of groups.
std::vector<std::uint32_t> Share(const std::vector<Group>& groups, std::uint32_t total) {
  std::uint64_t sum = 0;
  for (const Group& group : groups) sum += group.BotsMax();
  std::vector<std::uint32_t> shares;
  std::vector<std::pair<std::uint64_t, std::size_t>> remainders;
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint64_t exact = std::uint64_t{groups[i].BotsMax()} * total;
    shares.push_back(static_cast<std::uint32_t>(std::max<std::uint64_t>(exact / sum, 1)));
    remainders.emplace_back(exact % sum, i);
    given += shares.back();
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; given < total; i = (i + 1) % remainders.size(), ++given)
    ++shares[remainders[i].second];
  // Groups that were raised to one bot may have taken too many: the largest give them back.
  for (; given > total; --given) --*std::max_element(shares.begin(), shares.end());
  return shares;
}

void ScaleStages(Group& group, double factor) {
  const auto duration = static_cast<double>(group.Duration().count());
  double ramps = 0;
  std::uint32_t bots = group.bots_at_start;
  for (const Stage& stage : group.stages) {
    if (stage.target != bots) ramps += static_cast<double>(stage.duration.count());
    bots = stage.target;
  }
  const double holds = duration - ramps;
  const double new_duration = duration * factor;
  double new_ramps = ramps;
  if (ramps > new_duration / 2) new_ramps = std::max(ramps * factor, new_duration / 2);
  if (holds <= 0) new_ramps = new_duration;
  const double ramp_factor = ramps > 0 ? new_ramps / ramps : 1;
  const double hold_factor = holds > 0 ? (new_duration - new_ramps) / holds : 1;
  bots = group.bots_at_start;
  for (Stage& stage : group.stages) {
    const double own = stage.target != bots ? ramp_factor : hold_factor;
    stage.duration = Nanoseconds(
        std::max<std::int64_t>(1, std::llround(static_cast<double>(stage.duration.count()) * own)));
    bots = stage.target;
  }
}

Nanoseconds Scaled(Nanoseconds time, double factor) {
  return Nanoseconds(std::llround(static_cast<double>(time.count()) * factor));
}

}  // namespace

void OverrideBots(const ScenarioContext& context, Program& program) {
  if (program.groups.empty()) return;
  for (const auto& [name, count] : context.options.bots) {
    if (count == 0) {
      context.OptionError("--bots", "needs at least one bot");
    } else if (name.empty() && count < program.groups.size()) {
      context.OptionError("--bots", "the scenario has " + std::to_string(program.groups.size()) +
                                        " groups, so it needs at least that many bots");
    } else if (name.empty()) {
      const auto shares = Share(program.groups, count);
      for (std::size_t i = 0; i < shares.size(); ++i) ScaleGroup(program.groups[i], shares[i]);
    }
  }
  for (const auto& [name, count] : context.options.bots) {
    if (name.empty() || count == 0) continue;
    const auto group = std::find_if(program.groups.begin(), program.groups.end(),
                                    [&name = name](const Group& g) { return g.name == name; });
    if (group != program.groups.end()) {
      ScaleGroup(*group, count);
      continue;
    }
    std::vector<std::string> names;
    for (const Group& known : program.groups) names.push_back(known.name);
    context.OptionError("--bots", "no group \"" + name + "\"" + Suggest(name, names));
  }
}

void OverrideDuration(const ScenarioContext& context, Program& program) {
  if (!context.options.duration || program.groups.empty()) return;
  const Nanoseconds wanted = *context.options.duration;
  const Nanoseconds old = program.LoadDuration();
  if (wanted <= Nanoseconds::zero())
    return context.OptionError("--duration", "must be longer than zero");
  if (old <= Nanoseconds::zero()) return;
  const double factor = static_cast<double>(wanted.count()) / static_cast<double>(old.count());
  for (Group& group : program.groups) {
    ScaleStages(group, factor);
    group.start_time = Scaled(group.start_time, factor);
  }
  // Rounding: the stage that ends the load ends it exactly.
  for (Group& group : program.groups) {
    const Nanoseconds off = wanted - (group.start_time + group.Duration());
    if (std::chrono::abs(off) < std::chrono::microseconds(1)) group.stages.back().duration += off;
  }
  if (factor < 1) program.warmup = Scaled(program.warmup, factor);
  for (Event& event : program.events) {
    const bool is_first_period = event.every && event.from == *event.every;
    if (!is_first_period) event.from = Scaled(event.from, factor);
    if (event.until != Nanoseconds::max()) event.until = Scaled(event.until, factor);
  }
}

}  // namespace stressbot
