#include <cmath>
#include <cstdio>

#include "StressBot/engine/ArrivalSchedule.h"
#include "StressBot/scenario/DistributionReader.h"
#include "StressBot/scenario/Needs.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {
namespace {

std::string Count(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

/// Four digits, never as 6e+04.
std::string Short(double number) {
  if (number >= 1000) return Count(static_cast<std::uint64_t>(std::llround(number)));
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", number);
  return text;
}

/// 30 s, 1.5 s, 2 min, 1,000 h.
std::string Time(double ns) {
  constexpr double kMinute = 60e9;
  if (ns >= 10'000 * kMinute) return Short(ns / (60 * kMinute)) + " h";
  if (ns >= 2 * kMinute) return Short(ns / kMinute) + " min";
  if (ns >= 1e9 || ns <= 0) return Short(ns / 1e9) + " s";
  return ns >= 1e5 ? Short(ns / 1e6) + " ms" : Short(ns / 1e3) + " us";
}
std::string Time(Nanoseconds time) { return Time(static_cast<double>(time.count())); }

std::string Times(const Distribution& distribution) {
  switch (distribution.kind) {
    case Distribution::Kind::kConstant:
      break;
    case Distribution::Kind::kUniform:
      return Time(distribution.a) + " to " + Time(distribution.b);
    case Distribution::Kind::kExponential:
      return "mean " + Time(distribution.a) + ", exponential";
    case Distribution::Kind::kNormal:
      return "mean " + Time(distribution.a) + ", deviation " + Time(distribution.b);
  }
  return Time(distribution.a);
}

std::string FromTime(const Group& group) {
  return group.start_time > Nanoseconds::zero() ? ", from " + Time(group.start_time) + " on" : "";
}

std::string ArrivalsOverTime(const Group& group) {
  const auto per_second = [](double rate) { return Short(rate) + "/s"; };
  std::string text;
  double rate = group.arrivals->rate_at_start;
  for (const Arrivals::Stage& stage : group.arrivals->stages) {
    if (!text.empty()) text += ", then ";
    const bool is_ramp = stage.rate < rate || stage.rate > rate;
    text += is_ramp
                ? per_second(rate) + " to " + per_second(stage.rate) + " in " + Time(stage.duration)
                : per_second(rate) + " for " + Time(stage.duration);
    rate = stage.rate;
  }
  return text + FromTime(group) + "; " + Count(ArrivalSchedule(*group.arrivals).count()) +
         " in all";
}

std::string BotsOverTime(const Group& group) {
  if (group.arrivals)
    return "at most " + Count(group.BotsMax()) + " at once; arrivals beyond them are dropped";
  if (group.iterations > 0)
    return Count(group.BotsMax()) + ", " + Count(group.iterations) + " iterations each, in " +
           Time(group.Duration()) + " at most" + FromTime(group);
  std::string text;
  std::uint32_t bots = group.bots_at_start;
  for (const Stage& stage : group.stages) {
    if (!text.empty()) text += ", then ";
    text += stage.target == bots
                ? Count(bots) + " for " + Time(stage.duration)
                : Count(bots) + " to " + Count(stage.target) + " in " + Time(stage.duration);
    bots = stage.target;
  }
  text += FromTime(group);
  if (group.BotsPossible() > group.BotsMax())
    text += "; by hand up to " + Count(group.BotsPossible());
  return text;
}

/// The ends of lists, which users do not write, are no steps.
std::size_t StepsOf(const FlowProgram& flow) {
  std::size_t steps = 0;
  for (const Instruction& step : flow.code)
    if (step.op != Instruction::Op::kRepeatEnd && step.op != Instruction::Op::kBranchEnd &&
        step.op != Instruction::Op::kChooseEnd && step.op != Instruction::Op::kEnd)
      ++steps;
  return steps;
}

std::string Packets(double count) {
  return "about " + Count(static_cast<std::uint64_t>(std::llround(count))) + " packets/s";
}

std::string PacketRate(double rate) {
  return rate > 0 ? Packets(rate) + " by \"every\" with all bots there"
                  : "no \"every\": paced by the answers";
}

std::string PacketRate(const Group& group) {
  const double rate = PacketsPerSecond(group);
  if (!group.arrivals) return PacketRate(rate);
  return Packets(rate) + ", " + Short(PacketsPerPass(group)) + " of each arrival";
}

std::string PacketRate(const Program& program) {
  double rate = 0;
  bool arrive = false;
  for (const Group& group : program.groups) {
    rate += PacketsPerSecond(group);
    arrive = arrive || group.arrivals;
  }
  return arrive ? Packets(rate) + " at the greatest rates" : PacketRate(rate);
}

void Line(std::string& out, std::string_view title, const std::string& text) {
  out.append("  ").append(title).append(title.size() < 14 ? 14 - title.size() : 1, ' ');
  out.append(text).append("\n");
}

void ExplainGroup(const Group& group, std::string& out) {
  out += "group " + group.name + "\n";
  if (group.arrivals) Line(out, "arrivals", ArrivalsOverTime(group));
  Line(out, "bots", BotsOverTime(group));
  Line(out, "flow",
       group.flow.name + ": " + Count(StepsOf(group.flow)) + " steps, " + Count(group.flow.rules) +
           " of at most " + Count(kRulesMax) + " places that await a packet");
  Line(out, "sends", PacketRate(group));
  if (!group.churn) return;
  const auto share = std::lround(group.churn->reset_share * 100);
  Line(out, "churn",
       "lifetime " + Times(group.churn->lifetime) + "; " + std::to_string(share) +
           " % leave by reset" + (group.arrivals ? "" : "; away " + Times(group.churn->away)));
}

std::string Percent(double share) { return Short(share * 100) + " %"; }

std::string DownFor(const ServerOrder& order) {
  return order.lasts.value_or(Nanoseconds::zero()) > Nanoseconds::zero()
             ? ", down for " + Time(*order.lasts)
             : std::string();
}

std::string OrderOf(const Program& program, const Event& event) {
  if (const auto* drop = std::get_if<DropOrder>(&event.order)) {
    const std::string whom = drop->group ? program.groups[*drop->group].name : "all bots";
    std::string text = drop->reset ? "resets " : "sends away in order ";
    text += drop->share < 1 ? Percent(drop->share) + " of " + whom : whom;
    return text + (MeanOf(drop->away) > 0 ? "; away " + Times(drop->away) : "; back at once");
  }
  const auto* server = std::get_if<ServerOrder>(&event.order);
  if (server == nullptr) return "a mark on the time axis";
  switch (server->what) {
    case ServerOrder::Do::kPause:
      return "pauses the server for " + Time(*server->lasts);
    case ServerOrder::Do::kRestart:
      return "restarts the server" + DownFor(*server);
    case ServerOrder::Do::kKill:
      return "kills the server" + DownFor(*server);
    case ServerOrder::Do::kStop:
      break;
  }
  return "stops the server" + DownFor(*server);
}

std::string WhenOf(const Program& program, const Event& event) {
  if (!event.on && !event.every) return "at " + Time(event.from);
  std::string text;
  if (event.on) {
    const Protocol& protocol = *program.servers[event.on->server].protocol;
    text = "when a bot sees " + protocol.packet(event.on->packet).name;
  } else {
    text = "every " + Time(*event.every);
  }
  if (event.from > Nanoseconds::zero()) text += " from " + Time(event.from) + " on";
  if (event.until != Nanoseconds::max()) text += " until " + Time(event.until);
  if (event.count != 0) text += ", at most " + Count(event.count) + " times";
  if (event.on) text += ", armed again after " + Time(event.on->cooldown);
  return text;
}

void ExplainEvents(const Program& program, std::string& out) {
  if (!program.events.empty()) out += "events\n";
  for (const Event& event : program.events) {
    std::string text = WhenOf(program, event) + ": " + OrderOf(program, event);
    if (event.excuses > Nanoseconds::zero())
      text += "; endings are excused for " + Time(event.excuses);
    Line(out, event.name, text);
  }
}

}  // namespace

std::string Explain(const Scenario& scenario) {
  const Program& program = *scenario.program;
  std::string out = program.name;
  if (!program.description.empty()) out += ": " + program.description;
  out += "\n";
  for (const Server& server : program.servers)
    out += "server " + server.name + " at " +
           (server.target.empty() ? "what its connects say" : server.target) + ", " +
           Count(server.protocol->packets().size()) + " packets known\n";
  for (const Group& group : program.groups) ExplainGroup(group, out);
  ExplainEvents(program, out);
  const Needs needs = NeedsOf(program);
  out += "in all\n";
  Line(out, "load",
       Time(program.LoadDuration()) + ", measured from " + Time(program.warmup) + " on; seed " +
           std::to_string(program.seed));
  Line(out, "bots", "at most " + Count(program.BotsMax()));
  Line(out, "sends", PacketRate(program));
  Line(out, "descriptors", Count(needs.connections) + " for connections");
  Line(out, "ports",
       Count(needs.ports) + " towards the busiest target, those in TIME_WAIT included");
  Line(out, "thresholds",
       scenario.has_thresholds_key ? Count(scenario.thresholds.size())
                                   : "the defaults: no failures, no drops");
  return out;
}

}  // namespace stressbot
