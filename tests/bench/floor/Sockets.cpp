#include "tests/bench/floor/Sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bench {

namespace {

constexpr int kBacklog = 4096;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void SendAtOnce(int fd) {
  const int on = 1;
  if (::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) Fail("TCP_NODELAY");
}

int OpenSocket(int flags) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0) Fail("socket");
  SendAtOnce(fd);
  return fd;
}

int ConnectTo(std::uint16_t port, int flags) {
  const int fd = OpenSocket(flags);
  const sockaddr_in address = Loopback(port);
  const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (result != 0 && errno != EINPROGRESS) Fail("connect");
  return fd;
}

}  // namespace

FrameHeader ReadHeader(const std::byte* frame) {
  FrameHeader header;
  std::memcpy(&header, frame, sizeof header);
  return header;
}

void WriteHeader(std::byte* frame, FrameHeader header) {
  std::memcpy(frame, &header, sizeof header);
}

Frame MakeFrame(std::uint16_t id) {
  constexpr std::size_t kTextBytes = (kFrameBytes - kHeaderBytes) / 2 - 2;  // tag and length: 2
  constexpr int kTextTag = 2;  // wire type; the field's number is above it
  Frame frame;
  frame.fill(std::byte{'x'});
  WriteHeader(frame.data(), {kFrameBytes, id});
  for (std::size_t field = 1; field <= 2; ++field) {
    const std::size_t at = kHeaderBytes + (field - 1) * (kTextBytes + 2);
    frame[at] = static_cast<std::byte>(field << 3 | kTextTag);
    frame[at + 1] = static_cast<std::byte>(kTextBytes);
  }
  return frame;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor OpenEpoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) Fail("epoll_create1");
  return Descriptor(fd);
}

void Watch(const Descriptor& epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) Fail("epoll_ctl");
}

Descriptor Listen() {
  Descriptor listener(OpenSocket(SOCK_NONBLOCK));
  const sockaddr_in address = Loopback(0);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), kBacklog) != 0) {
    Fail("listen");
  }
  return listener;
}

std::uint16_t PortOf(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Fail("getsockname");
  }
  return ntohs(address.sin_port);
}

int AcceptNext(const Descriptor& listener) {
  return ::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int Dial(std::uint16_t port) { return ConnectTo(port, 0); }
int BeginDial(std::uint16_t port) { return ConnectTo(port, SOCK_NONBLOCK); }

void CloseWithReset(int fd) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(fd);
}

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) Fail("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) Fail("setrlimit");
}

void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

}  // namespace bench
