#include "StressBot/system/ListeningPorts.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

constexpr std::size_t kProcessGroup = 5;  // number of the field in proc(5), /proc/PID/stat

/// "socket:[12345]" for every socket that a process of the group holds.
std::set<std::string> SocketsOf(std::int64_t process_group) {
  std::set<std::string> sockets;
  for (const std::int64_t pid : ProcessIds()) {
    if (StatField(StatFields(pid), kProcessGroup) != process_group) continue;
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

std::vector<std::uint16_t> ListeningPorts(std::int64_t process_group) {
  const std::set<std::string> sockets = SocketsOf(process_group);
  std::set<std::uint16_t> ports;
  // The tables as that process sees them: it may live in a network namespace of its own.
  const std::string directory = "/proc/" + std::to_string(process_group) + "/net/";
  AddListening(directory + "tcp", sockets, ports);
  AddListening(directory + "tcp6", sockets, ports);
  return {ports.begin(), ports.end()};
}

}  // namespace stressbot
