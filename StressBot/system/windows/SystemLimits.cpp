#include "StressBot/system/SystemLimits.h"

#include <windows.h>

namespace stressbot {

namespace {

/// A number that somebody set for TCP; `otherwise` when nobody did.
DWORD TcpParameter(const wchar_t* name, DWORD otherwise) {
  DWORD value = 0;
  DWORD size = sizeof(value);
  const LSTATUS result =
      ::RegGetValueW(HKEY_LOCAL_MACHINE,
                     L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters",  // NOLINT: macro
                     name, RRF_RT_REG_DWORD, nullptr, &value, &size);
  return result == ERROR_SUCCESS ? value : otherwise;
}

}  // namespace

SystemLimits RaiseAndReadLimits() {
  SystemLimits limits;
  // So many handles may a process hold; memory ends long before.
  limits.descriptors = 16'000'000;
  limits.descriptors_max = limits.descriptors;
  DWORD open = 0;
  ::GetProcessHandleCount(::GetCurrentProcess(), &open);
  limits.descriptors_open = open;
  // The range of Windows since Vista. No function tells another one that was set with netsh.
  limits.first_ephemeral_port = 49152;
  limits.last_ephemeral_port = 65535;
  limits.time_wait = std::chrono::seconds(TcpParameter(L"TcpTimedWaitDelay", 120));
  return limits;
}

}  // namespace stressbot
