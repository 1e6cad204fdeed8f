#include "StressBot/system/ListeningPorts.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

constexpr std::size_t kProcessGroup = 5;  // number of the field in proc(5), /proc/PID/stat

std::vector<std::int64_t> MembersOf(std::int64_t process_group) {
  std::vector<std::int64_t> members;
  for (const std::int64_t pid : ProcessIds()) {
    if (StatField(StatFields(pid), kProcessGroup) == process_group) members.push_back(pid);
  }
  return members;
}

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

std::vector<std::uint16_t> ListeningPorts(std::int64_t process_group) {
  const std::vector<std::int64_t> members = MembersOf(process_group);
  if (members.empty()) return {};
  const std::set<std::string> sockets = SocketsOf(members);
  std::set<std::uint16_t> ports;
  // The tables as a member sees them: the group may live in a network namespace of its own. Not as
  // the group's first process does, which may have ended.
  const std::string directory = "/proc/" + std::to_string(members.front()) + "/net/";
  AddListening(directory + "tcp", sockets, ports);
  AddListening(directory + "tcp6", sockets, ports);
  return {ports.begin(), ports.end()};
}

}  // namespace stressbot
