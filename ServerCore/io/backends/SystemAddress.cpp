#include "ServerCore/io/backends/SystemAddress.h"

#include <array>
#include <cstring>

namespace servercore {

SystemAddress ToSystem(const NetAddress& address) {
  SC_ASSERT(address.family() != NetAddress::Family::kNone);
  SystemAddress system;
  const auto bytes = address.bytes();
  if (address.family() == NetAddress::Family::kIpv4) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(address.port());
    std::memcpy(&ipv4.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&system.storage, &ipv4, sizeof ipv4);
    system.size = sizeof ipv4;
  } else {
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(address.port());
    ipv6.sin6_scope_id = address.scope();
    std::memcpy(&ipv6.sin6_addr, bytes.data(), bytes.size());
    std::memcpy(&system.storage, &ipv6, sizeof ipv6);
    system.size = sizeof ipv6;
  }
  return system;
}

NetAddress FromSystem(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &storage, sizeof ipv4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &ipv4.sin_addr, bytes.size());
    return NetAddress::Ipv4(bytes, ntohs(ipv4.sin_port));
  }
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &storage, sizeof ipv6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &ipv6.sin6_addr, bytes.size());
    return NetAddress::Ipv6(bytes, ntohs(ipv6.sin6_port), ipv6.sin6_scope_id);
  }
  return {};
}

}  // namespace servercore
