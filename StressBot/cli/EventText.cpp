#include "StressBot/cli/EventText.h"

#include <fmt/format.h>

#include "StressBot/metrics/Format.h"

namespace stressbot {

namespace {

std::string DropText(const Program& program, const DropOrder& order, std::uint64_t bots) {
  const std::string whose = order.group ? " of " + program.groups[*order.group].name : "";
  return fmt::format("{} {}{} {}", FormatCount(bots), bots == 1 ? "bot" : "bots", whose,
                     order.reset ? (bots == 1 ? "was reset" : "were reset") : "left in order");
}

std::string_view WordOf(ServerOrder::Do what) {
  switch (what) {
    case ServerOrder::Do::kKill:
      return "kills";
    case ServerOrder::Do::kStop:
      return "stops";
    case ServerOrder::Do::kPause:
      return "pauses";
    case ServerOrder::Do::kRestart:
      break;
  }
  return "restarts";
}

/// " (3 of 20, S_CHAT seen by bot 7)" of an event that may come more than once.
std::string Circumstances(const Program& program, const Event& event,
                          const Occurrence& occurrence) {
  std::string text;
  if (event.every || event.on) text = std::to_string(occurrence.firing.number + 1);
  if (event.count != 0) text += " of " + std::to_string(event.count);
  if (event.on && occurrence.bot) {
    const Protocol& protocol = *program.servers[event.on->server].protocol;
    text +=
        fmt::format(", {} seen by bot {}", protocol.packet(event.on->packet).name, *occurrence.bot);
  }
  return text.empty() ? text : " (" + text + ")";
}

}  // namespace

std::string DescribeOccurrence(const Program& program, const Occurrence& occurrence) {
  const Event& event = program.events[occurrence.firing.event];
  std::string who = event.name + Circumstances(program, event, occurrence);
  if (const auto* drop = std::get_if<DropOrder>(&event.order))
    return who + ": " + DropText(program, *drop, occurrence.bots);
  if (const auto* order = std::get_if<ServerOrder>(&event.order))
    return fmt::format("{}: {} the server", who, WordOf(order->what));
  return who;
}

std::string DescribeDrop(const Program& program, const DropOrder& order, std::uint64_t bots) {
  return "by hand: " + DropText(program, order, bots);
}

std::vector<std::string> CheckServerEvents(const Program& program, bool has_server_command) {
  std::vector<std::string> mistakes;
  if (has_server_command) return mistakes;
  for (std::size_t i = 0; i < program.events.size(); ++i) {
    const Event& event = program.events[i];
    const auto* order = std::get_if<ServerOrder>(&event.order);
    if (order == nullptr) continue;
    mistakes.push_back(fmt::format(
        "events[{}] (\"{}\") {} the server, which only works on one that was started here: give "
        "--server \"COMMAND\", or take the event out",
        i, event.name, WordOf(order->what)));
  }
  return mistakes;
}

}  // namespace stressbot
