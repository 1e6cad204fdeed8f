#pragma once
#include <deque>
#include <memory>
#include <span>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/EventQueue.h"
#include "ServerCore/io/backends/IocpTimer.h"
#include "ServerCore/io/backends/SlotTable.h"
#include "ServerCore/io/backends/WindowsSocket.h"

namespace servercore {

/// The port of Windows: an I/O completion port for one thread.
/// Thread: the one that waits; Wake: any.
/// What succeeds at once posts no completion (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS), so a round
/// trip costs a WSASend, a WSARecv, the zero-byte WSARecv that awaits the next bytes and a share of
/// one GetQueuedCompletionStatusEx. An idle connection pins no buffer.
/// OVERLAPPEDs belong to slots, not to events: what is in flight keeps the slot.
/// No socket is used twice (DisconnectEx, TF_REUSE_SOCKET): a socket stays with its completion port
/// for life, but an accepted one must be free to join any shard's, and one that connected must wait
/// for TIME_WAIT before it can connect again.
class IocpPort final : public CompletionPort {
 public:
  /// Throws std::system_error when the system has no completion port or no Winsock for us.
  IocpPort();
  ~IocpPort() override;
  IocpPort(const IocpPort&) = delete;
  IocpPort& operator=(const IocpPort&) = delete;

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

  /// What the system knows an operation by. Must not move while the system has it.
  struct Operation : OVERLAPPED {
    std::uint32_t slot = 0;
    Op op{};
  };
  /// Of one slot. Only one of a kind is in flight at a time.
  struct Operations {
    Operation input{};   ///< kReadable
    Operation output{};  ///< kConnect or kSend
  };
  struct AcceptOperation : Operation {
    /// As AcceptEx wants it: with 16 bytes more than the largest address, twice.
    static constexpr DWORD kAddressBytes = sizeof(sockaddr_storage) + 16;

    UniqueSocket socket;  ///< becomes the connection
    AcceptOperation* next_free = nullptr;
    alignas(8) std::byte addresses[2 * kAddressBytes];
  };

  struct Socket {
    EventQueue accepts;         ///< posted on a listener; each has an operation, but no own one
    IoEvent* input = nullptr;   ///< kReadable in flight
    IoEvent* output = nullptr;  ///< kConnect or kSend in flight
    IoEvent* closed = nullptr;  ///< of Close, until nothing is in flight
    SOCKET native = INVALID_SOCKET;
    std::uint32_t in_flight = 0;  ///< operations that the system has
    int read_error = 0;           ///< told by kReadable's completion, for the next Read
    int send_error = 0;           ///< told by kSend's completion, for the next Send
    State state = State::kOpen;
    NetAddress::Family family = NetAddress::Family::kNone;  ///< of a listener
    bool skips_on_success = false;
  };

  struct HandleCloser {
    void operator()(HANDLE handle) const { ::CloseHandle(handle); }
  };

  /// Makes the socket one of this port. On success it belongs to the slot.
  Result<Handle> Join(SOCKET native, State state);
  /// REQUIRES a handle in use and not closed.
  Socket& Live(Handle handle) const;
  Socket& Open(Handle handle);

  /// What a call to start an operation said: kDone (no completion follows), kPending, or kFailed
  /// with the reason in WSAGetLastError.
  static IoStatus Started(Socket& socket, bool at_once);
  void StartAccept(Socket& listener, std::uint32_t slot);
  AcceptOperation& TakeAcceptOperation(std::uint32_t slot);
  void FreeAcceptOperation(AcceptOperation& operation);

  /// The system is done with an operation.
  void Complete(Operation& operation, std::uint32_t bytes);
  void FinishAccept(Socket& listener, AcceptOperation& operation, int error);
  /// The operation made a connection: it is the first event's.
  void HandOver(Socket& listener, AcceptOperation& operation);
  void FailAccept(Socket& listener, std::error_code error);
  void FinishConnect(Socket& socket, int error);
  void EndClose(Socket& socket, std::uint32_t slot);
  ULONG Poll(std::span<OVERLAPPED_ENTRY> entries, Clock::time_point until);

  const SocketExtensions& calls_;
  std::unique_ptr<void, HandleCloser> port_;
  IocpTimer timer_;
  mutable SlotTable<Socket> sockets_;
  std::deque<Operations> operations_;  ///< by slot; a deque, for its elements never move
  std::deque<AcceptOperation> accept_operations_;
  AcceptOperation* free_accepts_ = nullptr;
  EventQueue finished_;
};

}  // namespace servercore
