#include "ServerCore/io/backends/SystemNames.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "ServerCore/io/backends/SystemSocket.h"

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

Result<NetAddress> ParseHostDigits(const std::string& host, std::uint16_t port) {
  std::array<std::uint8_t, 4> ipv4{};
  if (::inet_pton(AF_INET, host.c_str(), ipv4.data()) == 1) return NetAddress::Ipv4(ipv4, port);
  std::array<std::uint8_t, 16> ipv6{};
  if (::inet_pton(AF_INET6, host.c_str(), ipv6.data()) == 1) return NetAddress::Ipv6(ipv6, port);
  return std::make_error_code(std::errc::invalid_argument);
}

std::string FormatHostDigits(const NetAddress& address) {
  const int family = address.family() == NetAddress::Family::kIpv6 ? AF_INET6 : AF_INET;
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, address.bytes().data(), text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

Result<std::vector<NetAddress>> ResolveHost(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0) return ResolverError(code);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);

  std::vector<NetAddress> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    sockaddr_storage storage{};
    std::memcpy(&storage, entry->ai_addr, entry->ai_addrlen);
    const NetAddress address = FromSystem(storage).WithPort(port);
    if (address.family() == NetAddress::Family::kNone) continue;
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
  if (addresses.empty()) return std::make_error_code(std::errc::host_unreachable);
  return addresses;
}

}  // namespace servercore
