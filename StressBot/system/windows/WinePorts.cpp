#include "StressBot/system/windows/WinePorts.h"

#include <winsock2.h>
// Needs what <winsock2.h> declares.
#include <windows.h>

#include <optional>

#include "StressBot/system/windows/OwnedHandle.h"

namespace stressbot {

namespace {

/// The port of a handle that is a socket. getsockname knows only sockets that this process made, so
/// this asks what it would ask the system (AFD_GET_SOCK_NAME).
std::optional<std::uint16_t> PortOf(HANDLE handle) {
  constexpr DWORD kGetSocketName = 0x1202F;
  sockaddr_storage address{};
  DWORD got = 0;
  const BOOL told = ::DeviceIoControl(handle, kGetSocketName, nullptr, 0, &address, sizeof(address),
                                      &got, nullptr);
  const bool is_ip = address.ss_family == AF_INET || address.ss_family == AF_INET6;
  if (told == 0 || !is_ip) return std::nullopt;
  // The port stands at the same place in both families.
  return ::ntohs(
      reinterpret_cast<const sockaddr_in*>(&address)->sin_port);  // NOLINT: as documented
}

/// Wine gives handles from the lowest free number on.
void AddPortsOf(DWORD pid, std::set<std::uint16_t>& ports) {
  constexpr std::uintptr_t kStep = 4;
  constexpr int kUnusedMax = 64;  // in a row; beyond them there are none
  const OwnedHandle process(::OpenProcess(PROCESS_DUP_HANDLE, FALSE, pid));
  int unused = 0;
  for (std::uintptr_t number = kStep; process && unused < kUnusedMax; number += kStep) {
    auto* theirs = reinterpret_cast<HANDLE>(number);  // NOLINT: a number is all that a handle is
    HANDLE ours = nullptr;
    ++unused;
    if (::DuplicateHandle(process.get(), theirs, ::GetCurrentProcess(), &ours, 0, FALSE,
                          DUPLICATE_SAME_ACCESS) == 0) {
      continue;
    }
    unused = 0;
    const OwnedHandle owned(ours);
    if (const auto port = PortOf(ours)) ports.insert(*port);
  }
}

}  // namespace

bool RunsOnWine() {
  return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

std::set<std::uint16_t> PortsOnWine(const std::vector<std::int64_t>& processes) {
  std::set<std::uint16_t> ports;
  for (const std::int64_t pid : processes) AddPortsOf(static_cast<DWORD>(pid), ports);
  return ports;
}

}  // namespace stressbot
