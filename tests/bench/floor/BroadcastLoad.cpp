#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "tests/bench/floor/Loads.h"
#include "tests/bench/floor/Sockets.h"

namespace bench {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

/// Counts the whole frames of a stream, header by header. Frames are equally long, so of one that
/// a read cut only the number of its bytes is carried.
class FrameWalk {
 public:
  std::uint64_t Count(const std::byte* bytes, std::size_t size) {
    std::uint64_t frames = 0;
    std::size_t at = 0;
    if (carried_ > 0) {
      const std::size_t missing = kFrameBytes - carried_;
      if (size < missing) {
        carried_ += size;
        return 0;
      }
      at = missing;
      frames = 1;
    }
    while (at + kHeaderBytes <= size) {
      const FrameHeader header = ReadHeader(bytes + at);
      if (header.size < kHeaderBytes) Fail("a frame that is too small");
      if (at + header.size > size) break;
      at += header.size;
      ++frames;
    }
    carried_ = size - at;
    return frames;
  }

 private:
  std::size_t carried_ = 0;
};

}  // namespace

Tally RunBroadcast(const LoadOptions& options) {
  const Descriptor epoll = OpenEpoll();
  std::vector<FrameWalk> walks;  // by descriptor
  for (std::size_t i = 0; i < options.connections; ++i) {
    const int fd = Dial(options.port);
    walks.resize(static_cast<std::size_t>(fd) + 1);
    Watch(epoll, fd, EPOLLIN);
  }
  Tally tally;
  std::vector<std::byte> block(kReadBytes);
  std::array<epoll_event, 1024> ready;
  const Clock::time_point begin = Clock::now();
  while (Clock::now() - begin < options.duration) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), static_cast<int>(ready.size()), 100);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      const ssize_t got = ::recv(fd, block.data(), block.size(), MSG_DONTWAIT);
      if (got <= 0) {
        ++tally.failed;
        continue;
      }
      FrameWalk& walk = walks[static_cast<std::size_t>(fd)];
      tally.done += walk.Count(block.data(), static_cast<std::size_t>(got));
    }
  }
  tally.took = Clock::now() - begin;
  return tally;
}

}  // namespace bench
