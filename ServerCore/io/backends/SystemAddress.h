#pragma once
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include "ServerCore/net/NetAddress.h"

/// Addresses as the systems' socket calls take and give them. Only backends include this.
namespace servercore {

struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// REQUIRES a family.
SystemAddress ToSystem(const NetAddress& address);
/// Family kNone if it is neither IPv4 nor IPv6.
NetAddress FromSystem(const sockaddr_storage& storage);

}  // namespace servercore
