#include "StressBot/cli/TargetResolver.h"

#include <system_error>

#include "StressBot/engine/NameResolver.h"

namespace stressbot {

namespace {

using servercore::NetAddress;

/// Empty when the bots can reach it from all source addresses.
std::string WhyOutOfReach(const NetAddress& target, const std::vector<NetAddress>& sources) {
  for (const NetAddress& source : sources) {
    const bool fits =
        source.family() == target.family() && source.IsLoopback() == target.IsLoopback();
    if (fits) continue;
    return "the source address of --source-addresses " + source.ToString() +
           " cannot reach the target " + target.ToString() +
           ": both must be IPv4 or both IPv6, and both loopback or neither";
  }
  return {};
}

/// The resolver's errors are the system's, which speak of hosts where a name is meant.
std::string WhyNotResolved(const std::error_code& error) {
  if (error == std::errc::host_unreachable) {
    return "this machine does not know that name; correct it, or write an address such as "
           "127.0.0.1:7777";
  }
  if (error == std::errc::invalid_argument) return "write HOST:PORT, such as 127.0.0.1:7777";
  return error.message() + "; try again, or write an address such as 127.0.0.1:7777";
}

std::string Resolve(const Options& options, Server& server) {
  const auto address = ResolveNow(server.target);
  if (!address) {
    return "the target " + server.target + " of server \"" + server.name +
           "\" cannot be resolved: " + WhyNotResolved(address.error());
  }
  server.address = *address;
  if (!server.address.IsLoopback() && !server.address.IsPrivate() && !options.allow_public_target) {
    return "the target " + server.target + " is the public address " + server.address.ToString() +
           ". A load test on somebody else's machine is an attack: give --allow-public-target if "
           "it "
           "is yours";
  }
  if (server.address.port() == 0 && options.server_command.empty()) {
    return "the target " + server.target +
           " has port 0, which means the port that the program of --server chose; give --server, "
           "or a port";
  }
  return WhyOutOfReach(server.address, options.source_addresses);
}

}  // namespace

std::vector<std::string> ResolveTargets(const Options& options, Program& program) {
  std::vector<std::string> mistakes;
  for (Server& server : program.servers) {
    if (server.target.empty()) continue;  // its connects say where it is
    if (std::string mistake = Resolve(options, server); !mistake.empty()) {
      mistakes.push_back(std::move(mistake));
    }
  }
  return mistakes;
}

}  // namespace stressbot
