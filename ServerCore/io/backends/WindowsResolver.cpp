#include <cstring>
#include <memory>

#include "ServerCore/io/backends/SystemResolver.h"
#include "ServerCore/io/backends/WindowsError.h"
#include "ServerCore/io/backends/WindowsSocket.h"
#include "ServerCore/packet/Unicode.h"

namespace servercore {
namespace {

std::wstring ToWide(const std::string& utf8) {
  std::wstring wide(Utf16Units(utf8), L'\0');
  WriteUtf16(utf8, reinterpret_cast<std::byte*>(wide.data()));
  return wide;
}

}  // namespace

Result<std::vector<sockaddr_storage>> AskResolver(const std::string& host) {
  StartSockets();
  ADDRINFOW hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ADDRINFOW* found = nullptr;
  const int code = ::GetAddrInfoW(ToWide(host).c_str(), nullptr, &hints, &found);
  if (code != 0) return SocketError(code);
  const std::unique_ptr<ADDRINFOW, decltype(&::FreeAddrInfoW)> list(found, &::FreeAddrInfoW);

  std::vector<sockaddr_storage> addresses;
  for (const ADDRINFOW* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    std::memcpy(&addresses.emplace_back(), entry->ai_addr, entry->ai_addrlen);
  }
  return addresses;
}

}  // namespace servercore
