#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "tests/bench/floor/Loads.h"
#include "tests/bench/floor/Sockets.h"

namespace bench {

namespace {

bool SendFrame(int fd, const Frame& frame) {
  return ::send(fd, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
}

}  // namespace

Tally RunEcho(const LoadOptions& options) {
  const Descriptor epoll = OpenEpoll();
  const Frame request = MakeFrame(kEchoRequest);
  for (std::size_t i = 0; i < options.connections; ++i) {
    const int fd = Dial(options.port);
    Watch(epoll, fd, EPOLLIN);
    if (!SendFrame(fd, request)) Fail("send");
  }
  Tally tally;
  Frame reply;
  std::array<epoll_event, 1024> ready;
  const Clock::time_point begin = Clock::now();
  while (Clock::now() - begin < options.duration) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), static_cast<int>(ready.size()), 100);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      const ssize_t got = ::recv(fd, reply.data(), reply.size(), MSG_DONTWAIT);
      if (got == static_cast<ssize_t>(kFrameBytes) && ReadHeader(reply.data()).id == kEchoReply) {
        ++tally.done;
      } else {
        ++tally.failed;
      }
      if (!SendFrame(fd, request)) ++tally.failed;
    }
  }
  tally.took = Clock::now() - begin;
  return tally;
}

}  // namespace bench
