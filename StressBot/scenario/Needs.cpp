#include "StressBot/scenario/Needs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "StressBot/engine/ArrivalSchedule.h"
#include "StressBot/scenario/DistributionReader.h"

namespace stressbot {
namespace {

using Op = Instruction::Op;

// How long the side that closes first keeps a port (TCP_TIMEWAIT_LEN of Linux; Windows allows
// less).
constexpr double kTimeWaitSeconds = 60;

/// Packets of the instructions [begin, end): sent in one pass, and a second by grids among them.
struct Pace {
  double packets = 0;
  double per_second = 0;

  Pace& operator+=(const Pace& other) {
    packets += other.packets;
    per_second += other.per_second;
    return *this;
  }
};
Pace ExpectedOf(const FlowProgram& flow, const ChooseStep& choose);

/// Whole ones only.
double PacketsOf(const HostileStep& step) {
  using Kind = HostileStep::Kind;
  const bool sends =
      step.kind == Kind::kPackets || step.kind == Kind::kByteByByte || step.kind == Kind::kFlood;
  return sends ? step.count : 0;
}

Pace PaceOf(const FlowProgram& flow, std::size_t begin, std::size_t end) {
  Pace pace;
  for (std::size_t at = begin; at < end; ++at) {
    const Instruction& step = flow.code[at];
    if (step.op == Op::kRequest || step.op == Op::kSend) ++pace.packets;
    if (step.op == Op::kHostile) pace.packets += PacketsOf(flow.hostiles[step.index]);
    if (step.op == Op::kChoose) {
      const ChooseStep& choose = flow.chooses[step.index];
      pace += ExpectedOf(flow, choose);
      at = std::size_t{choose.after} - 1;
    }
    if (step.op != Op::kRepeat) continue;
    const RepeatStep& repeat = flow.repeats[step.index];
    const Pace body = PaceOf(flow, repeat.body, std::size_t{repeat.after} - 1);
    if (repeat.every)
      pace.per_second += body.packets / std::chrono::duration<double>(*repeat.every).count();
    pace.per_second += body.per_second;
    if (repeat.mode == RepeatStep::Mode::kCount)
      pace.packets += body.packets * static_cast<double>(repeat.count);
    if (repeat.mode == RepeatStep::Mode::kDuration && repeat.every)
      pace.packets += body.packets * std::ceil(std::chrono::duration<double>(repeat.duration) /
                                               std::chrono::duration<double>(*repeat.every));
    at = std::size_t{repeat.after} - 1;
  }
  return pace;
}

/// The mean of the options by their weights.
Pace ExpectedOf(const FlowProgram& flow, const ChooseStep& choose) {
  Pace mean;
  double before = 0;
  for (std::size_t i = 0; i < choose.options.size(); ++i) {
    const ChooseStep::Option& option = choose.options[i];
    const std::size_t end =
        i + 1 < choose.options.size() ? choose.options[i + 1].begin : choose.after;
    const double share = (option.weight_up_to - before) / choose.options.back().weight_up_to;
    const Pace pace = PaceOf(flow, option.begin, end);
    mean += {pace.packets * share, pace.per_second * share};
    before = option.weight_up_to;
  }
  return mean;
}

/// Ports that orderly churn and the ends of visits leave in TIME_WAIT; resets leave none.
double LingeringPorts(const Group& group, Nanoseconds load) {
  const double kept = std::min(kTimeWaitSeconds, std::chrono::duration<double>(load).count());
  if (group.arrivals) {
    const auto visits = static_cast<double>(ArrivalSchedule(*group.arrivals).count());
    return std::min(group.arrivals->RateMax() * kept, visits);
  }
  if (!group.churn) return 0;
  const double seconds = (MeanOf(group.churn->lifetime) + MeanOf(group.churn->away)) / 1e9;
  const double orderly = 1 - group.churn->reset_share;
  return seconds > 0 ? group.BotsMax() / seconds * orderly * kept : 0;
}

/// How often an event may come while a port lingers.
double FiringsWithin(const Event& event, double seconds) {
  double firings = 1;
  if (event.every) firings += seconds / std::chrono::duration<double>(*event.every).count();
  if (event.on) firings += seconds / std::chrono::duration<double>(event.on->cooldown).count();
  return event.count == 0 ? firings : std::min<double>(firings, event.count);
}

/// Ports that orderly drops leave in TIME_WAIT.
double LingeringPorts(const Program& program, std::size_t group) {
  const double kept =
      std::min(kTimeWaitSeconds, std::chrono::duration<double>(program.LoadDuration()).count());
  double ports = 0;
  for (const Event& event : program.events) {
    const auto* drop = std::get_if<DropOrder>(&event.order);
    if (drop == nullptr || drop->reset || drop->group.value_or(group) != group) continue;
    ports += drop->share * program.groups[group].BotsMax() * FiringsWithin(event, kept);
  }
  return ports;
}

std::array<bool, kConnectionsMax> ServersOf(const FlowProgram& flow) {
  std::array<bool, kConnectionsMax> servers{};
  for (const ConnectStep& connect : flow.connects) servers.at(connect.server) = true;
  return servers;
}

}  // namespace

double PacketsPerPass(const Group& group) {
  return PaceOf(group.flow, 0, group.flow.code.size()).packets;
}

double PacketsPerSecond(const Group& group) {
  if (group.arrivals) return PacketsPerPass(group) * group.arrivals->RateMax();
  return PaceOf(group.flow, 0, group.flow.code.size()).per_second * group.BotsMax();
}

Needs NeedsOf(const Program& program) {
  Needs needs;
  std::map<std::string, double> ports;
  std::map<std::string, std::uint64_t> ports_at_once;
  for (std::size_t g = 0; g < program.groups.size(); ++g) {
    const Group& group = program.groups[g];
    const auto servers = ServersOf(group.flow);
    for (std::size_t i = 0; i < program.servers.size(); ++i) {
      if (!servers.at(i)) continue;
      needs.connections += group.BotsPossible();
      // Where one without a target is, is not known: maybe all bots go to one place.
      const Server& server = program.servers[i];
      const std::string& place = server.target.empty() ? server.name : server.target;
      ports_at_once[place] += group.BotsPossible();
      ports[place] += group.BotsPossible() + LingeringPorts(group, program.LoadDuration()) +
                      LingeringPorts(program, g);
    }
  }
  for (const auto& [target, count] : ports)
    needs.ports = std::max(needs.ports, static_cast<std::uint64_t>(std::ceil(count)));
  for (const auto& [target, count] : ports_at_once)
    needs.ports_at_once = std::max(needs.ports_at_once, count);
  return needs;
}

}  // namespace stressbot
