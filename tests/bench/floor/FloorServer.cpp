/// The server of every benchmark, the same for the floor and for StressBot: one epoll thread.
///   bench_server echo    answers each frame with itself, the id one higher
///   bench_server blast   writes frames as fast as the sockets take them
/// Prints the port that it listens on. Ends with the signal that the benchmark sends.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tests/bench/floor/Sockets.h"

namespace bench {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kBlastBytes = 64 * 1024;  // a whole number of frames

/// What one connection left over: a frame received in part, or one sent in part.
using Rest = std::vector<std::byte>;

class Server {
 public:
  Server() : epoll_(OpenEpoll()), listener_(Listen()) {
    Watch(epoll_, listener_.get(), EPOLLIN);
    std::printf("%u\n", unsigned{PortOf(listener_)});
    std::fflush(stdout);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  virtual ~Server() = default;

  [[noreturn]] void Run() {
    std::array<epoll_event, 1024> ready;
    for (;;) {
      const int count =
          ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_.get()) {
          AcceptAll();
        } else {
          OnReady(event.data.fd, event.events);
        }
      }
    }
  }

 protected:
  virtual std::uint32_t WatchedEvents() const = 0;
  virtual void OnReady(int fd, std::uint32_t events) = 0;

  Rest& RestOf(int fd) { return rests_[static_cast<std::size_t>(fd)]; }
  void Close(int fd) {
    RestOf(fd).clear();
    ::close(fd);
  }

 private:
  void AcceptAll() {
    // Accepted sockets inherit TCP_NODELAY.
    for (int fd = AcceptNext(listener_); fd >= 0; fd = AcceptNext(listener_)) {
      if (static_cast<std::size_t>(fd) >= rests_.size()) {
        rests_.resize(static_cast<std::size_t>(fd) + 1);
      }
      Watch(epoll_, fd, WatchedEvents());
    }
  }

  Descriptor epoll_;
  Descriptor listener_;
  std::vector<Rest> rests_;  ///< by descriptor
};

class EchoServer final : public Server {
 private:
  std::uint32_t WatchedEvents() const override { return EPOLLIN; }

  void OnReady(int fd, std::uint32_t) override {
    Rest& rest = RestOf(fd);
    std::copy(rest.begin(), rest.end(), block_.begin());
    const ssize_t got =
        ::recv(fd, block_.data() + rest.size(), block_.size() - rest.size(), MSG_DONTWAIT);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) Close(fd);
      return;
    }
    const std::size_t bytes = rest.size() + static_cast<std::size_t>(got);
    const std::size_t whole = AnswerFrames(bytes);
    rest.assign(block_.data() + whole, block_.data() + bytes);
    // A peer with one request in flight never fills the socket's buffer.
    const ssize_t sent = ::send(fd, block_.data(), whole, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != static_cast<ssize_t>(whole)) Close(fd);
  }

  /// Turns whole frames into their replies; returns their bytes.
  std::size_t AnswerFrames(std::size_t bytes) {
    std::size_t at = 0;
    while (at + kHeaderBytes <= bytes) {
      FrameHeader header = ReadHeader(block_.data() + at);
      if (header.size < kHeaderBytes || at + header.size > bytes) break;
      ++header.id;
      WriteHeader(block_.data() + at, header);
      at += header.size;
    }
    return at;
  }

  std::vector<std::byte> block_ = std::vector<std::byte>(kReadBytes);
};

class BlastServer final : public Server {
 public:
  BlastServer() {
    const Frame frame = MakeFrame(kTick);
    while (block_.size() < kBlastBytes) block_.insert(block_.end(), frame.begin(), frame.end());
  }

 private:
  std::uint32_t WatchedEvents() const override { return EPOLLOUT | EPOLLRDHUP; }

  void OnReady(int fd, std::uint32_t events) override {
    if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) {
      Close(fd);
      return;
    }
    Rest& rest = RestOf(fd);
    const Rest& from = rest.empty() ? block_ : rest;
    const ssize_t sent = ::send(fd, from.data(), from.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno != EAGAIN) Close(fd);
      return;
    }
    const auto bytes = static_cast<std::size_t>(sent);
    if (!rest.empty()) {
      rest.erase(rest.begin(), rest.begin() + sent);
    } else if (bytes % kFrameBytes != 0) {  // the frame that was cut goes on next time
      const std::size_t end = (bytes / kFrameBytes + 1) * kFrameBytes;
      rest.assign(block_.data() + bytes, block_.data() + end);
    }
  }

  Rest block_;
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  bench::RaiseDescriptorLimit();
  if (mode == "echo") bench::EchoServer().Run();
  if (mode == "blast") bench::BlastServer().Run();
  std::fprintf(stderr, "usage: bench_server echo|blast\n");
  return EXIT_FAILURE;
}
