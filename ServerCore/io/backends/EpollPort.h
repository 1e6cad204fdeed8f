#pragma once
#include <span>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/EventQueue.h"
#include "ServerCore/io/backends/LinuxSocket.h"
#include "ServerCore/io/backends/SlotTable.h"

struct epoll_event;

namespace servercore {

/// The port of Linux: edge-triggered epoll, every socket registered once and never modified.
/// Thread: the one that waits; Wake: any.
/// It remembers what the edges said, so an operation tries the system only when that can help:
/// a round trip costs one recv, one send and a share of one epoll_pwait2.
class EpollPort final : public CompletionPort {
 public:
  /// Throws std::system_error when the process has no descriptors left.
  EpollPort();
  ~EpollPort() override;
  EpollPort(const EpollPort&) = delete;
  EpollPort& operator=(const EpollPort&) = delete;

  Result<Handle> Attach(DetachedSocket socket) override;
  Result<Handle> Listen(const NetAddress& at, int backlog) override;
  Result<Handle> Connect(const NetAddress& to, const NetAddress* from, IoEvent& event) override;
  void Accept(Handle listener, AcceptEvent& event) override;
  void AwaitReadable(Handle handle, IoEvent& event) override;
  IoResult Read(Handle handle, std::span<const MutableBuffer> into) override;
  IoResult Send(Handle handle, std::span<const ConstBuffer> from, IoEvent& event) override;
  void ShutdownSend(Handle handle) override;
  void Close(Handle handle, CloseKind kind, IoEvent& closed) override;
  NetAddress LocalAddress(Handle handle) const override;
  std::intptr_t NativeSocket(Handle handle) const override;
  std::size_t Wait(std::span<IoEvent*> out, Clock::time_point until) override;
  void Wake() noexcept override;
  Clock::time_point Now() const override { return Clock::now(); }
  std::size_t open_handles() const override { return sockets_.used(); }

 private:
  enum class State : std::uint8_t { kListening, kConnecting, kOpen, kClosing };

  struct Socket {
    EventQueue accepts;         ///< posted on a listener
    IoEvent* input = nullptr;   ///< kReadable in flight
    IoEvent* output = nullptr;  ///< kConnect or kSend in flight
    int fd = -1;
    State state = State::kOpen;
    bool readable = false;  ///< an edge came, and nothing since has shown the socket empty
    bool writable = true;   ///< false from a full buffer to the next edge
    bool hung_up = false;   ///< a short read no longer means empty: no further edge will come
  };
  static_assert(sizeof(Socket) <= 48);

  /// Registers the socket with epoll. On success the descriptor belongs to the slot.
  Result<Handle> Join(int fd, State state, std::uint32_t edges);
  /// REQUIRES a handle in use and not closed.
  Socket& Live(Handle handle) const;
  Socket& Open(Handle handle);
  void TakeEdge(Socket& socket, std::uint32_t edges);
  void PumpAccepts(Socket& listener);
  int Poll(std::span<epoll_event> ready, Clock::time_point until);
  int PollUntil(std::span<epoll_event> ready, Clock::time_point until);

  UniqueFd epoll_;
  UniqueFd wake_;
  mutable SlotTable<Socket> sockets_;
  EventQueue finished_;
  bool slack_is_set_ = false;
  bool has_pwait2_ = true;  ///< kernels before 5.11 wait in whole milliseconds only
};

}  // namespace servercore
