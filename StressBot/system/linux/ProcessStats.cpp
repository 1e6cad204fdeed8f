#include "StressBot/system/ProcessStats.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

// Numbers of fields in proc(5), /proc/PID/stat.
constexpr std::size_t kUserTime = 14;
constexpr std::size_t kSystemTime = 15;
constexpr std::size_t kThreads = 20;
constexpr std::size_t kStartTime = 22;
constexpr std::size_t kResidentPages = 24;

std::chrono::nanoseconds FromTicks(std::int64_t ticks) {
  const auto seconds = static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

}  // namespace

std::optional<ProcessStats> ReadProcessStats(std::int64_t pid) {
  const std::vector<std::string> fields = StatFields(pid);
  // A zombie has ended; only its parent has not looked yet.
  if (fields.empty() || fields.front() == "Z") return std::nullopt;
  ProcessStats stats;
  stats.cpu_time = FromTicks(StatField(fields, kUserTime) + StatField(fields, kSystemTime));
  stats.memory_bytes = static_cast<std::uint64_t>(StatField(fields, kResidentPages)) *
                       static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  stats.threads = static_cast<int>(StatField(fields, kThreads));
  stats.descriptors = CountDescriptors(pid);
  return stats;
}

std::optional<std::uint64_t> ReadProcessBirth(std::int64_t pid) {
  const std::vector<std::string> fields = StatFields(pid);
  if (fields.empty() || fields.front() == "Z") return std::nullopt;
  return static_cast<std::uint64_t>(StatField(fields, kStartTime));
}

bool HasProcessEnded(std::int64_t pid, std::uint64_t birth) {
  const std::vector<std::string> fields = StatFields(pid);
  if (fields.empty()) return ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
  return fields.front() == "Z" ||
         static_cast<std::uint64_t>(StatField(fields, kStartTime)) != birth;
}

std::int64_t OwnProcessId() { return ::getpid(); }

unsigned UsableCores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof(cores), &cores) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
}

}  // namespace stressbot
