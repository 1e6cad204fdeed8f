#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "StressBot/system/ListeningPorts.h"

namespace stressbot {
namespace {

using testing::Contains;
using testing::Not;

/// A socket bound to a free port of the loopback.
class BoundSocket {
 public:
  explicit BoundSocket(int family) : fd_(::socket(family, SOCK_STREAM, 0)) {
    sockaddr_in6 address{};
    address.sin6_family = static_cast<sa_family_t>(family);
    auto* ipv4 = reinterpret_cast<sockaddr_in*>(&address);
    socklen_t size = sizeof(address);
    if (family == AF_INET) {
      ipv4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      size = sizeof(sockaddr_in);
    } else {
      address.sin6_addr = in6addr_loopback;
    }
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    bound_ = ::bind(fd_, generic, size) == 0 && ::getsockname(fd_, generic, &size) == 0;
    port_ = ntohs(family == AF_INET ? ipv4->sin_port : address.sin6_port);
  }
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;
  ~BoundSocket() { ::close(fd_); }

  bool bound() const { return bound_; }
  std::uint16_t port() const { return port_; }
  void Listen() const { ::listen(fd_, 1); }

 private:
  int fd_;
  bool bound_ = false;
  std::uint16_t port_ = 0;
};

TEST(BoundPortsTest, SeesAPortOnlyOnceItListens) {
  const BoundSocket socket(AF_INET);
  ASSERT_TRUE(socket.bound());
  EXPECT_THAT(ListeningPorts({::getpid()}), Not(Contains(socket.port())));
  socket.Listen();
  EXPECT_THAT(ListeningPorts({::getpid()}), Contains(socket.port()));
}

TEST(BoundPortsTest, SeesIpv6) {
  const BoundSocket socket(AF_INET6);
  if (!socket.bound()) return;  // this machine has no IPv6 loopback: nothing to see
  socket.Listen();
  EXPECT_THAT(ListeningPorts({::getpid()}), Contains(socket.port()));
}

}  // namespace
}  // namespace stressbot
