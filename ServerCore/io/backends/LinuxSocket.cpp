#include "ServerCore/io/backends/LinuxSocket.h"

#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ServerCore/io/backends/KeepAlive.h"

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

bool KeepAlive(int fd) {
  return SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
         SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(kKeepAliveIdle.count())) &&
         SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(kKeepAliveInterval.count())) &&
         SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
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
