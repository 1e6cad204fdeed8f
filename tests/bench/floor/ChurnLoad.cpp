#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "tests/bench/floor/Loads.h"
#include "tests/bench/floor/Sockets.h"

namespace bench {

namespace {

class Churn {
 public:
  explicit Churn(const LoadOptions& options) : options_(options), epoll_(OpenEpoll()) {}

  Tally Run() {
    const Clock::time_point begin = Clock::now();
    for (std::size_t i = 0; i < options_.connections; ++i) Begin();
    std::array<epoll_event, 1024> ready;
    while (Clock::now() - begin < options_.duration) {
      const int count =
          ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), 100);
      for (int i = 0; i < count; ++i) OnReady(ready[static_cast<std::size_t>(i)]);
    }
    tally_.took = Clock::now() - begin;
    return tally_;
  }

 private:
  /// Edge-triggered and for both directions, so that a connection is registered once.
  void Begin() { Watch(epoll_, BeginDial(options_.port), EPOLLIN | EPOLLOUT | EPOLLET); }

  void OnReady(const epoll_event& event) {
    const int fd = event.data.fd;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) {
      ++tally_.failed;
    } else if ((event.events & EPOLLIN) == 0) {  // established
      if (::send(fd, request_.data(), request_.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request_.size())) {
        return;
      }
      ++tally_.failed;
    } else {
      Frame reply;
      const ssize_t got = ::recv(fd, reply.data(), reply.size(), 0);
      if (got < 0 && errno == EAGAIN) return;
      ++(got == static_cast<ssize_t>(kFrameBytes) ? tally_.done : tally_.failed);
    }
    CloseWithReset(fd);
    Begin();
  }

  const LoadOptions options_;
  const Frame request_ = MakeFrame(kEchoRequest);
  Descriptor epoll_;
  Tally tally_;
};

}  // namespace

Tally RunChurn(const LoadOptions& options) { return Churn(options).Run(); }

}  // namespace bench
