#include <netdb.h>

#include <cstring>
#include <memory>

#include "ServerCore/io/backends/LinuxSocket.h"
#include "ServerCore/io/backends/SystemResolver.h"

namespace servercore {
namespace {

std::error_code ResolverError(int code) {
  switch (code) {
    case EAI_SYSTEM:
      return LastError();
    case EAI_MEMORY:
      return std::make_error_code(std::errc::not_enough_memory);
    default:  // unknown name, no address of it, or no answer: for the caller all the same
      return std::make_error_code(std::errc::host_unreachable);
  }
}

}  // namespace

Result<std::vector<sockaddr_storage>> AskResolver(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0) return ResolverError(code);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);

  std::vector<sockaddr_storage> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    std::memcpy(&addresses.emplace_back(), entry->ai_addr, entry->ai_addrlen);
  }
  return addresses;
}

}  // namespace servercore
