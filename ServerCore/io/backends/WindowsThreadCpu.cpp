#include <windows.h>

#include "ServerCore/thread/ThreadCpu.h"

namespace servercore {
namespace {

using FileTimeTicks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

std::chrono::nanoseconds ToNanoseconds(FILETIME time) {
  const std::uint64_t ticks = (std::uint64_t{time.dwHighDateTime} << 32) | time.dwLowDateTime;
  return FileTimeTicks(static_cast<std::int64_t>(ticks));
}

}  // namespace

std::chrono::nanoseconds ThreadCpuTime() {
  // In steps of the system's tick, up to 15.6 ms: enough for the share of a second. The exact
  // QueryThreadCycleTime counts cycles of a frequency that the system does not tell.
  FILETIME created{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  ::GetThreadTimes(::GetCurrentThread(), &created, &ended, &kernel, &user);
  return ToNanoseconds(kernel) + ToNanoseconds(user);
}

}  // namespace servercore
