#include "ServerCore/io/backends/SystemNames.h"

#include <algorithm>
#include <array>

#include "ServerCore/io/backends/SystemResolver.h"

namespace servercore {

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
  const Result<std::vector<sockaddr_storage>> found = AskResolver(host);
  if (!found) return found.error();
  std::vector<NetAddress> addresses;
  for (const sockaddr_storage& entry : *found) {
    const NetAddress address = FromSystem(entry).WithPort(port);
    if (address.family() == NetAddress::Family::kNone) continue;
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
  if (addresses.empty()) return std::make_error_code(std::errc::host_unreachable);
  return addresses;
}

}  // namespace servercore
