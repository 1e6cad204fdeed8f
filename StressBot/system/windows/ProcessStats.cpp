#include "StressBot/system/ProcessStats.h"

#include <windows.h>
// These need what <windows.h> declares.
#include <psapi.h>
#include <tlhelp32.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "StressBot/system/windows/OwnedHandle.h"

namespace stressbot {

namespace {

std::chrono::nanoseconds ToTime(const FILETIME& time) {
  const std::uint64_t steps =
      static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime;
  return std::chrono::nanoseconds(steps * 100);  // each is 100 ns
}

int CountThreads(DWORD pid) {
  const OwnedHandle snapshot(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof(entry);
  if (!snapshot || ::Process32FirstW(snapshot.get(), &entry) == 0) return 0;
  do {
    if (entry.th32ProcessID == pid) return static_cast<int>(entry.cntThreads);
  } while (::Process32NextW(snapshot.get(), &entry) != 0);
  return 0;
}

/// Empty when it does not run (any more): one that has ended can be opened as long as anybody holds
/// a handle of it.
OwnedHandle OpenRunning(std::int64_t pid, DWORD further_rights) {
  const bool is_number = pid > 0 && pid <= std::numeric_limits<DWORD>::max();
  if (!is_number) return OwnedHandle();
  OwnedHandle process(
      ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE | further_rights, FALSE,
                    static_cast<DWORD>(pid)));
  const bool runs = process && ::WaitForSingleObject(process.get(), 0) != WAIT_OBJECT_0;
  return runs ? std::move(process) : OwnedHandle();
}

}  // namespace

std::optional<ProcessStats> ReadProcessStats(std::int64_t pid) {
  const auto id = static_cast<DWORD>(pid);
  const OwnedHandle process = OpenRunning(pid, PROCESS_VM_READ);
  if (!process) return std::nullopt;
  ProcessStats stats;
  FILETIME began{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  if (::GetProcessTimes(process.get(), &began, &ended, &kernel, &user) != 0) {
    stats.cpu_time = ToTime(kernel) + ToTime(user);
  }
  PROCESS_MEMORY_COUNTERS memory{};
  if (::GetProcessMemoryInfo(process.get(), &memory, sizeof(memory)) != 0) {
    stats.memory_bytes = memory.WorkingSetSize;
  }
  stats.threads = CountThreads(id);
  if (DWORD handles = 0; ::GetProcessHandleCount(process.get(), &handles) != 0) {
    stats.descriptors = static_cast<int>(handles);
  }
  return stats;
}

std::optional<std::uint64_t> ReadProcessBirth(std::int64_t pid) {
  const OwnedHandle process = OpenRunning(pid, 0);
  FILETIME began{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  if (!process || ::GetProcessTimes(process.get(), &began, &ended, &kernel, &user) == 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(ToTime(began).count());
}

bool HasProcessEnded(std::int64_t pid, std::uint64_t birth) {
  return ReadProcessBirth(pid) != birth;
}

std::int64_t OwnProcessId() { return static_cast<std::int64_t>(::GetCurrentProcessId()); }

unsigned UsableCores() {
  DWORD_PTR usable = 0;
  DWORD_PTR all = 0;
  if (::GetProcessAffinityMask(::GetCurrentProcess(), &usable, &all) == 0) return 1;
  // On a machine of several processor groups the mask is 0, and threads are spread over all.
  if (usable == 0) return std::max<DWORD>(::GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), 1);
  return static_cast<unsigned>(std::popcount(static_cast<std::uint64_t>(usable)));
}

}  // namespace stressbot
