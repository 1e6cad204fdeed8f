#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

#include "ServerCore/Result.h"
#include "ServerCore/net/NetAddress.h"

/// The I/O contract. IocpPort (Windows), EpollPort (Linux) and SimPort (no sockets, simulated time)
/// implement it and pass one contract test. One event is one operation and has one completion.
///
/// Life of a handle:
///   Connect / Attach / Listen  ->  operations  ->  Close  ->  every event in flight completes once
///   ->  the `closed` event, the last that ever names the handle  ->  the handle's slot is free.
namespace servercore {

using Clock = std::chrono::steady_clock;  ///< SimPort hands out simulated time_points of it

enum class Op : std::uint8_t { kAccept, kConnect, kReadable, kSend, kClosed };
enum class CloseKind : std::uint8_t {
  kOrderly,  ///< FIN; the system resets instead if received bytes were left unread
  kReset     ///< RST: SO_LINGER with zero seconds
};
enum class IoStatus : std::uint8_t { kDone, kPending, kEnd, kFailed };

struct IoResult {
  IoStatus status = IoStatus::kDone;
  std::size_t bytes = 0;
  std::error_code error{};
};

struct ConstBuffer {
  const std::byte* data = nullptr;
  std::size_t size = 0;
};
struct MutableBuffer {
  std::byte* data = nullptr;
  std::size_t size = 0;
};

/// Bytes of all pieces (of one of the two kinds above) together.
template <typename Piece>
std::size_t TotalSize(std::span<const Piece> pieces) {
  std::size_t total = 0;
  for (const Piece& piece : pieces) total += piece.size;
  return total;
}

/// Knows how to close a socket that no port has joined. One a kind of socket, lives for ever
/// (system sockets) or as long as its simulated network.
class SocketCloser {
 public:
  virtual void CloseDetached(std::intptr_t native) noexcept = 0;

 protected:
  ~SocketCloser() = default;
};

/// Owns a socket that no port has joined yet. The only I/O object that may cross threads.
class DetachedSocket {
 public:
  DetachedSocket() = default;
  DetachedSocket(std::intptr_t native, SocketCloser& closer) noexcept
      : native_(native), closer_(&closer) {}
  DetachedSocket(DetachedSocket&& other) noexcept
      : native_(other.native_), closer_(std::exchange(other.closer_, nullptr)) {}
  DetachedSocket& operator=(DetachedSocket&& other) noexcept {
    if (this != &other) {
      Reset();
      native_ = other.native_;
      closer_ = std::exchange(other.closer_, nullptr);
    }
    return *this;
  }
  ~DetachedSocket() { Reset(); }

  explicit operator bool() const { return closer_ != nullptr; }
  std::intptr_t native() const { return native_; }
  /// Gives the socket away: the caller now closes it.
  std::intptr_t Release() noexcept {
    closer_ = nullptr;
    return native_;
  }
  /// Resets the peer if a socket is still owned.
  void Reset() noexcept {
    if (closer_ != nullptr) std::exchange(closer_, nullptr)->CloseDetached(native_);
  }

 private:
  std::intptr_t native_ = -1;
  SocketCloser* closer_ = nullptr;
};

struct IoEvent;

/// What events belong to: a Session or a Listener (the documents' IocpObject).
class IoObject {
 public:
  virtual void OnIo(IoEvent& event) = 0;

 protected:
  ~IoObject() = default;
};

/// One operation. A member of its owner's slot; it neither moves nor dies between submit and
/// completion, and is in flight at most once at a time. Results are valid from its completion.
struct IoEvent {
  alignas(8) std::byte port_private[16]{};  ///< links; the port's alone
  IoObject* owner = nullptr;                ///< whom Shard hands the completion to
  std::error_code error;                    ///< operation_canceled after Close
  std::uint32_t bytes = 0;                  ///< kSend: 0..total; 0 means writable again. Else 0
  Op op{};                                  ///< set by the port when submitted
};

struct AcceptEvent : IoEvent {
  DetachedSocket accepted;
  NetAddress peer;
};

/// A generation makes a handle that outlives its slot recognisable. {0, 0} names nothing.
struct Handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  explicit operator bool() const { return generation != 0; }
  friend bool operator==(const Handle&, const Handle&) = default;
};

inline constexpr std::size_t kReadPiecesMax = 2;
inline constexpr std::size_t kSendPiecesMax = 64;

/// Thread: the owning shard; Wake, Now: any. No method calls back.
class CompletionPort {
 public:
  virtual ~CompletionPort() = default;  ///< REQUIRES open_handles() == 0

  /// Joins this port for life: the accepted side of a hand-over between shards.
  virtual Result<Handle> Attach(DetachedSocket socket) = 0;
  /// An IPv6 address listens for IPv6 only, on every system. Errors: address_in_use and the like.
  virtual Result<Handle> Listen(const NetAddress& at, int backlog) = 0;
  /// `from` may be null. An error returned here (out of descriptors or ports, for example) leaves
  /// no handle. After a kConnect that completed with an error the handle must still be closed.
  /// Until kConnect completes, Close is the only call allowed on the handle.
  virtual Result<Handle> Connect(const NetAddress& to, const NetAddress* from, IoEvent& event) = 0;
  /// Completes with one connection, or with an error (out of descriptors: wait, then accept again).
  /// Several may be posted; they complete in their order.
  virtual void Accept(Handle listener, AcceptEvent& event) = 0;
  /// Completes when bytes, the end or an error are there: Read tells which. Without a Read the next
  /// one completes, too. The event's own error is set only by Close.
  virtual void AwaitReadable(Handle handle, IoEvent& event) = 0;
  /// Never blocks, at most two pieces. kDone with 1..total bytes. kPending: nothing there (legal
  /// after kReadable): await again. kEnd and kFailed are final.
  virtual IoResult Read(Handle handle, std::span<const MutableBuffer> into) = 0;
  /// kDone, kFailed: no completion follows; kDone has 1..total bytes. kPending: exactly one
  /// completion follows, the bytes stay valid until it. It tells 0..total bytes; 0 means writable
  /// again, or broken, which the next Send tells. The piece list is copied. One in flight, 1 to
  /// kSendPiecesMax pieces.
  virtual IoResult Send(Handle handle, std::span<const ConstBuffer> from, IoEvent& event) = 0;
  /// REQUIRES no send in flight. The peer reads the end after what was sent.
  virtual void ShutdownSend(Handle handle) = 0;
  /// The only cancel. Each event in flight completes exactly once (its true result if it had one,
  /// else operation_canceled), then `closed` comes last. Submits after Close assert.
  virtual void Close(Handle handle, CloseKind kind, IoEvent& closed) = 0;

  /// Of a listener: with its real port. Of a connection: from its kConnect or Attach on.
  virtual NetAddress LocalAddress(Handle handle) const = 0;
  /// The system's own socket, for options that the core does not know; -1 in a simulation. It is
  /// the port's: whoever sends on it or closes it breaks what the port promises.
  virtual std::intptr_t NativeSocket(Handle handle) const = 0;

  /// Finished events first, then a poll of the system in the same call, never more than out.size().
  /// Sleeps until `until` only if nothing is finished. May return 0 (time, Wake, spurious).
  virtual std::size_t Wait(std::span<IoEvent*> out, Clock::time_point until) = 0;
  virtual void Wake() noexcept = 0;  ///< sticky: the present or next Wait returns
  virtual Clock::time_point Now() const = 0;
  virtual std::size_t open_handles() const = 0;  ///< from creation until `closed` was handed out
};

}  // namespace servercore
