#include "StressBot/system/ListeningPorts.h"

#include <windows.h>
#include <winsock2.h>
// These need what the two declare.
#include <iphlpapi.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>

#include "StressBot/system/windows/WinePorts.h"

namespace stressbot {

namespace {

/// The system's table of listening sockets, as bytes: it may grow between asking for its size and
/// asking for it.
std::vector<std::byte> ReadTable(ULONG family) {
  std::vector<std::byte> table;
  DWORD size = 0;
  DWORD result = ERROR_INSUFFICIENT_BUFFER;
  while (result == ERROR_INSUFFICIENT_BUFFER) {
    table.resize(size);
    result =
        ::GetExtendedTcpTable(table.data(), &size, FALSE, family, TCP_TABLE_OWNER_PID_LISTENER, 0);
  }
  if (result != NO_ERROR) table.clear();
  return table;
}

/// Whose ports are asked for.
struct Owners {
  const std::vector<std::int64_t>& processes;
  std::set<std::uint16_t> ports_on_wine;

  bool Own(DWORD pid, std::uint16_t port) const {
    const auto number = static_cast<std::int64_t>(pid);
    return std::find(processes.begin(), processes.end(), number) != processes.end() ||
           ports_on_wine.contains(port);
  }
};

/// Table: MIB_TCPTABLE_OWNER_PID or MIB_TCP6TABLE_OWNER_PID, Row: one of its rows.
template <typename Table, typename Row>
void AddListening(ULONG family, const Owners& owners, std::set<std::uint16_t>& ports) {
  const std::vector<std::byte> bytes = ReadTable(family);
  if (bytes.size() < sizeof(DWORD)) return;
  DWORD rows = 0;
  std::memcpy(&rows, bytes.data(), sizeof(rows));
  for (DWORD i = 0; i < rows; ++i) {
    Row row{};
    std::memcpy(&row, bytes.data() + offsetof(Table, table) + i * sizeof(Row), sizeof(Row));
    const std::uint16_t port = ::ntohs(static_cast<u_short>(row.dwLocalPort));
    if (owners.Own(row.dwOwningPid, port)) ports.insert(port);
  }
}

}  // namespace

std::vector<std::uint16_t> ListeningPorts(const std::vector<std::int64_t>& processes) {
  Owners owners{processes, {}};
  if (RunsOnWine()) owners.ports_on_wine = PortsOnWine(processes);
  std::set<std::uint16_t> ports;
  AddListening<MIB_TCPTABLE_OWNER_PID, MIB_TCPROW_OWNER_PID>(AF_INET, owners, ports);
  AddListening<MIB_TCP6TABLE_OWNER_PID, MIB_TCP6ROW_OWNER_PID>(AF_INET6, owners, ports);
  return {ports.begin(), ports.end()};
}

}  // namespace stressbot
