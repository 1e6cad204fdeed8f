#include "StressBot/system/SystemLimits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

void RaiseDescriptors(SystemLimits& limits) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  limits.descriptors = limit.rlim_cur;
  limits.descriptors_max = limit.rlim_max;
}

void ReadPortRange(SystemLimits& limits) {
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  if (!(file >> first >> last) || first > last) return;
  limits.first_ephemeral_port = first;
  limits.last_ephemeral_port = last;
}

SystemLimits::TimeWaitReuse ReadTimeWaitReuse() {
  // ip-sysctl: 0 off, 1 everywhere, 2 on loopback only (the default since Linux 4.19).
  switch (ReadNumberFile("/proc/sys/net/ipv4/tcp_tw_reuse", 0)) {
    case 1:
      return SystemLimits::TimeWaitReuse::kAlways;
    case 2:
      return SystemLimits::TimeWaitReuse::kLoopback;
    default:
      return SystemLimits::TimeWaitReuse::kNever;
  }
}

}  // namespace

SystemLimits RaiseAndReadLimits() {
  SystemLimits limits;
  RaiseDescriptors(limits);
  limits.descriptors_open = static_cast<std::uint64_t>(CountDescriptors(::getpid()));
  ReadPortRange(limits);
  limits.time_wait_reuse = ReadTimeWaitReuse();
  return limits;
}

}  // namespace stressbot
