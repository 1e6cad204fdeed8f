#include "StressBot/system/ListeningPorts.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

/// "socket:[12345]" for every socket that one of the processes holds.
std::set<std::string> SocketsOf(const std::vector<std::int64_t>& processes) {
  std::set<std::string> sockets;
  for (const std::int64_t pid : processes) {
    for (std::string& target : DescriptorTargets(pid)) {
      if (target.starts_with("socket:[")) sockets.insert(std::move(target));
    }
  }
  return sockets;
}

/// Adds the ports of a table's listening sockets that are among `sockets`.
void AddListening(const std::string& table, const std::set<std::string>& sockets,
                  std::set<std::uint16_t>& ports) {
  constexpr const char* kListening = "0A";
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // the heading
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    if (state != kListening || !sockets.contains("socket:[" + inode + "]")) continue;
    const std::size_t colon = local.rfind(':');
    if (colon == std::string::npos) continue;
    ports.insert(static_cast<std::uint16_t>(std::stoul(local.substr(colon + 1), nullptr, 16)));
  }
}

}  // namespace

std::vector<std::uint16_t> ListeningPorts(const std::vector<std::int64_t>& processes) {
  if (processes.empty()) return {};
  const std::set<std::string> sockets = SocketsOf(processes);
  std::set<std::uint16_t> ports;
  // The tables as one of them sees them: they may live in a network namespace of their own.
  const std::string directory = "/proc/" + std::to_string(processes.front()) + "/net/";
  AddListening(directory + "tcp", sockets, ports);
  AddListening(directory + "tcp6", sockets, ports);
  return {ports.begin(), ports.end()};
}

}  // namespace stressbot
