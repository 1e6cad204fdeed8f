#include "ServerCore/io/backends/SystemSocket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace servercore {
namespace {

class SystemCloser final : public SocketCloser {
 public:
  void CloseDetached(std::intptr_t native) noexcept override {
    CloseWithReset(static_cast<int>(native));
  }
};

}  // namespace

std::error_code LastError() { return {errno, std::system_category()}; }

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.Release();
  }
  return *this;
}

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

const sockaddr* SystemAddress::get() const { return reinterpret_cast<const sockaddr*>(&storage); }

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

NetAddress LocalAddressOf(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return FromSystem(storage);
}

Result<UniqueFd> OpenTcpSocket(NetAddress::Family family) {
  const int domain = family == NetAddress::Family::kIpv6 ? AF_INET6 : AF_INET;
  UniqueFd fd(::socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return LastError();
  if (!SetOption(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1)) return LastError();
  return fd;
}

bool IsConnectedToItself(int fd, const NetAddress& to) {
  const NetAddress local = LocalAddressOf(fd);
  if (local.port() != to.port()) return false;
  const bool to_any = std::ranges::all_of(to.bytes(), [](std::uint8_t byte) { return byte == 0; });
  return local == to || (to_any && local.IsLoopback());  // a connect to 0.0.0.0 goes to loopback
}

bool SetOption(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

void CloseWithReset(int fd) noexcept {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);  // fails only on a dead socket
  ::close(fd);
}

SocketCloser& SystemSocketCloser() {
  static SystemCloser closer;
  return closer;
}

}  // namespace servercore
