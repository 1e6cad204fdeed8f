#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

/// What the floor programs share. They stand apart from ServerCore on purpose: what is measured
/// against them must not be part of them.
namespace bench {

inline constexpr std::size_t kFrameBytes = 64;
inline constexpr std::size_t kHeaderBytes = 4;  ///< u16 size of the whole frame, u16 id
// The ids that scenarios/bench.proto gives.
inline constexpr std::uint16_t kEchoRequest = 1000;
inline constexpr std::uint16_t kEchoReply = 1001;
inline constexpr std::uint16_t kTick = 1002;

struct FrameHeader {
  std::uint16_t size = 0;
  std::uint16_t id = 0;
};
FrameHeader ReadHeader(const std::byte* frame);
void WriteHeader(std::byte* frame, FrameHeader header);

using Frame = std::array<std::byte, kFrameBytes>;
/// A frame whose payload is a valid message of bench.proto: two texts.
Frame MakeFrame(std::uint16_t id);

/// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

// All of these end the program with a sentence when the system refuses.
Descriptor OpenEpoll();
void Watch(const Descriptor& epoll, int fd, std::uint32_t events);
/// On loopback, any free port: read it from PortOf.
Descriptor Listen();
std::uint16_t PortOf(const Descriptor& listener);
/// The next waiting connection, non-blocking; -1 when there is none.
int AcceptNext(const Descriptor& listener);
/// A blocking connect to loopback.
int Dial(std::uint16_t port);
/// Only begins: writable when it is done.
int BeginDial(std::uint16_t port);
void CloseWithReset(int fd);
/// As many descriptors as the system allows.
void RaiseDescriptorLimit();
[[noreturn]] void Fail(const char* what);

}  // namespace bench
