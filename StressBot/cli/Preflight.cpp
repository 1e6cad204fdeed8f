#include "StressBot/cli/Preflight.h"

#include <algorithm>
#include <cmath>

#include "StressBot/metrics/Format.h"
#include "StressBot/scenario/Needs.h"

namespace stressbot {

namespace {

/// Rounded down to a number that people type, and at least 1.
std::uint64_t BotsThatFit(std::uint64_t bots, std::uint64_t needed, std::uint64_t available) {
  if (needed == 0) return bots;
  return std::max<std::uint64_t>(bots * available / needed, 1);
}

bool TimeWaitBlocks(const Program& program, const SystemLimits& limits) {
  using Reuse = SystemLimits::TimeWaitReuse;
  const bool all_loopback = std::all_of(
      program.servers.begin(), program.servers.end(),
      [](const Server& server) { return server.target.empty() || server.address.IsLoopback(); });
  return limits.time_wait_reuse == Reuse::kNever ||
         (limits.time_wait_reuse == Reuse::kLoopback && !all_loopback);
}

/// Ports of connections that ended, at the worst moment of the run.
std::uint64_t PortsInTimeWait(const Program& program, const SystemLimits& limits,
                              std::uint64_t ports_at_once) {
  if (!TimeWaitBlocks(program, limits)) return 0;
  const std::uint64_t with_waiting = NeedsOf(program).ports;
  const double seconds = std::chrono::duration<double>(program.LoadDuration()).count();
  const double share =
      std::min(seconds / std::chrono::duration<double>(limits.time_wait).count(), 1.0);
  return static_cast<std::uint64_t>(
      std::ceil(static_cast<double>(with_waiting - ports_at_once) * share));
}

/// 127.0.0.1-127.0.0.4 for loopback; others depend on the machine.
std::string SuggestedSources(const Program& program, std::uint64_t count) {
  const bool loopback = program.servers.front().address.IsLoopback();
  if (loopback && count < 255)
    return "--source-addresses 127.0.0.1-127.0.0." + std::to_string(count);
  return "--source-addresses with " + FormatCount(count) + " addresses of this machine";
}

}  // namespace

std::vector<std::string> CheckDescriptors(const Program& program, const SystemLimits& limits) {
  const std::uint64_t connections = NeedsOf(program).connections;
  const std::uint64_t reserve = kReservedDescriptors + limits.descriptors_open;
  const std::uint64_t needed = connections + reserve;
  if (needed <= limits.descriptors) return {};
  const std::uint64_t bots = program.BotsPossible();
  const std::uint64_t available = limits.descriptors > reserve ? limits.descriptors - reserve : 0;
  return {FormatCount(bots) + " bots need " + FormatCount(needed) +
          " descriptors, this process may hold " + FormatCount(limits.descriptors) + ": run " +
          FormatCount(BotsThatFit(bots, connections, available)) +
          " bots, or raise ulimit -n, or run several processes"};
}

std::vector<std::string> CheckPorts(const Program& program, const SystemLimits& limits,
                                    std::size_t source_addresses) {
  const std::uint64_t at_once = NeedsOf(program).ports_at_once;
  const std::uint64_t in_time_wait = PortsInTimeWait(program, limits, at_once);
  const std::uint64_t needed = at_once + in_time_wait;
  const std::uint64_t available =
      limits.ephemeral_ports() * std::max<std::size_t>(source_addresses, 1);
  if (needed <= available) return {};
  const std::uint64_t sources = (needed + limits.ephemeral_ports() - 1) / limits.ephemeral_ports();
  const std::string waiting =
      in_time_wait == 0 ? "" : " (" + FormatCount(in_time_wait) + " of them still in TIME_WAIT)";
  return {FormatCount(program.BotsPossible()) + " bots need " + FormatCount(needed) +
          " local ports towards one target" + waiting + ", this machine has " +
          FormatCount(available) + ": give more source addresses, for example " +
          SuggestedSources(program, sources) + ", or run " +
          FormatCount(BotsThatFit(program.BotsPossible(), needed, available)) + " bots"};
}

}  // namespace stressbot
