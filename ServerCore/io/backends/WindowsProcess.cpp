// First: psapi.h needs its types.
#include <windows.h>

#include <psapi.h>

#include "ServerCore/io/SystemProcess.h"

namespace servercore {

std::size_t ResidentBytes() {
  PROCESS_MEMORY_COUNTERS counters{};
  const BOOL told = ::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, sizeof counters);
  return told != 0 ? counters.WorkingSetSize : 0;
}

bool OutputIsTerminal() {
  DWORD mode = 0;
  return ::GetConsoleMode(::GetStdHandle(STD_OUTPUT_HANDLE), &mode) != 0;
}

}  // namespace servercore
