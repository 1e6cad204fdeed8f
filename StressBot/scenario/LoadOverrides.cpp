#include "StressBot/scenario/LoadOverrides.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stressbot {
namespace {

void ScaleGroup(Group& group, std::uint32_t bots) {
  const std::uint64_t old = group.BotsMax();
  if (old == 0) return;
  if (group.arrivals) group.arrivals->bots_max = bots;
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

void ScaleRates(Arrivals& arrivals, double factor) {
  arrivals.rate_at_start *= factor;
  for (Arrivals::Stage& stage : arrivals.stages) stage.rate *= factor;
}

/// Of bots or of arrivals: how long it is, and whether their number or rate changes in it.
struct StageTime {
  Nanoseconds* duration = nullptr;
  bool is_ramp = false;
};

std::vector<StageTime> TimesOf(Group& group) {
  std::vector<StageTime> times;
  if (group.arrivals) {
    double rate = group.arrivals->rate_at_start;
    for (Arrivals::Stage& stage : group.arrivals->stages) {
      times.push_back({&stage.duration, stage.rate < rate || stage.rate > rate});
      rate = stage.rate;
    }
    return times;
  }
  std::uint32_t bots = group.bots_at_start;
  for (Stage& stage : group.stages) {
    times.push_back({&stage.duration, stage.target != bots});
    bots = stage.target;
  }
  return times;
}

void ScaleStages(const std::vector<StageTime>& times, double factor) {
  double duration = 0;
  double ramps = 0;
  for (const StageTime& time : times) {
    const auto ns = static_cast<double>(time.duration->count());
    duration += ns;
    if (time.is_ramp) ramps += ns;
  }
  const double holds = duration - ramps;
  const double new_duration = duration * factor;
  double new_ramps = ramps;
  if (ramps > new_duration / 2) new_ramps = std::max(ramps * factor, new_duration / 2);
  if (holds <= 0) new_ramps = new_duration;
  const double ramp_factor = ramps > 0 ? new_ramps / ramps : 1;
  const double hold_factor = holds > 0 ? (new_duration - new_ramps) / holds : 1;
  for (const StageTime& time : times) {
    const double own = time.is_ramp ? ramp_factor : hold_factor;
    *time.duration = Nanoseconds(
        std::max<std::int64_t>(1, std::llround(static_cast<double>(time.duration->count()) * own)));
  }
}

Nanoseconds Scaled(Nanoseconds time, double factor) {
  return Nanoseconds(std::llround(static_cast<double>(time.count()) * factor));
}

/// Null after an error.
Group* FindGroup(const ScenarioContext& context, Program& program, const char* option,
                 const std::string& name) {
  const auto group = std::find_if(program.groups.begin(), program.groups.end(),
                                  [&name](const Group& g) { return g.name == name; });
  if (group != program.groups.end()) return &*group;
  std::vector<std::string> names;
  for (const Group& known : program.groups) names.push_back(known.name);
  context.OptionError(option, "no group \"" + name + "\"" + Suggest(name, names));
  return nullptr;
}

double RateMaxOf(const Program& program) {
  double sum = 0;
  for (const Group& group : program.groups)
    if (group.arrivals) sum += group.arrivals->RateMax();
  return sum;
}

}  // namespace

void OverrideScale(const ScenarioContext& context, Program& program) {
  if (!context.options.scale) return;
  const double scale = *context.options.scale;
  constexpr double kBotsMax = std::numeric_limits<std::uint32_t>::max();
  if (!(scale > 0) || program.BotsPossible() * scale > kBotsMax) {
    context.OptionError("--scale", "must be more than zero, and leave the bots countable");
    return;
  }
  for (Group& group : program.groups) {
    const auto bots = static_cast<std::uint32_t>(std::llround(group.BotsMax() * scale));
    ScaleGroup(group, std::max(bots, 1U));
    group.bots_by_hand_max =
        static_cast<std::uint32_t>(std::llround(group.bots_by_hand_max * scale));
    if (group.arrivals) ScaleRates(*group.arrivals, scale);
  }
}

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
    if (Group* group = FindGroup(context, program, "--bots", name)) ScaleGroup(*group, count);
  }
}

void OverrideRates(const ScenarioContext& context, Program& program) {
  for (const auto& [name, rate] : context.options.rates) {
    if (!(rate > 0)) {
      context.OptionError("--rate", "must be more than zero");
      return;
    }
    if (!name.empty()) continue;
    const double old = RateMaxOf(program);
    if (!(old > 0)) {
      context.OptionError("--rate", "no group of the scenario has an arrival executor");
      return;
    }
    for (Group& group : program.groups)
      if (group.arrivals) ScaleRates(*group.arrivals, rate / old);
  }
  for (const auto& [name, rate] : context.options.rates) {
    if (name.empty()) continue;
    Group* group = FindGroup(context, program, "--rate", name);
    if (group == nullptr) continue;
    if (group->arrivals) {
      ScaleRates(*group->arrivals, rate / group->arrivals->RateMax());
    } else {
      context.OptionError("--rate", "the group \"" + name +
                                        "\" has no arrivals; --bots changes its number of bots");
    }
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
    ScaleStages(TimesOf(group), factor);
    group.start_time = Scaled(group.start_time, factor);
  }
  // Rounding: the stage that ends the load ends it exactly.
  for (Group& group : program.groups) {
    const Nanoseconds off = wanted - (group.start_time + group.Duration());
    if (std::chrono::abs(off) < std::chrono::microseconds(1))
      *TimesOf(group).back().duration += off;
  }
  if (factor < 1) program.warmup = Scaled(program.warmup, factor);
  for (Event& event : program.events) {
    const bool is_first_period = event.every && event.from == *event.every;
    if (!is_first_period) event.from = Scaled(event.from, factor);
    if (event.until != Nanoseconds::max()) event.until = Scaled(event.until, factor);
  }
}

}  // namespace stressbot
