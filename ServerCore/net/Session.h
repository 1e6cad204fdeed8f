#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

#include "ServerCore/Assert.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/net/RecvBuffer.h"
#include "ServerCore/net/SendBuffer.h"

namespace servercore {

class Service;
class Session;
class Shard;

/// A session's place in its shard. The generation makes a stale one recognisable.
struct SessionId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0: names nothing
  friend bool operator==(const SessionId&, const SessionId&) = default;
};

/// Names a session for ever and keeps nothing alive, so a Player may hold one without a cycle.
/// Thread: any. What reaches a session that is gone is dropped and counted by its shard.
class SessionRef {
 public:
  SessionRef() = default;
  SessionRef(Shard& shard, SessionId id) : shard_(&shard), id_(id) {}

  /// Through the shard's inbox, from its own thread too: all that is sent this way keeps its order.
  void Send(SendBuffer buffer) const;

  explicit operator bool() const { return shard_ != nullptr; }
  Shard* shard() const { return shard_; }
  SessionId id() const { return id_; }
  friend bool operator==(const SessionRef&, const SessionRef&) = default;

 private:
  Shard* shard_ = nullptr;
  SessionId id_;
};

struct SessionOptions {
  /// Unsent; beyond it the peer is dropped. REQUIRES less than 4 GiB. For a peer that does not read
  /// buffers hold some 64 chunks and four times this at most, besides the chunks of what came in
  /// the very turn in which it fell behind: see Session::QueueCopy. It is for each session: all
  /// slow ones together may owe as many times this.
  std::size_t queued_bytes_max = 1024 * 1024;
  /// How long a session may drain: from Disconnect(kOrderly), or from the peer's end while bytes
  /// for it are still queued, until both sides have ended. Then it is a reset, kDrainTimeout.
  std::chrono::milliseconds drain_timeout{2'000};
  /// Nothing received for so long, looked at once a second; 0: no limit.
  std::chrono::milliseconds idle_timeout{0};
};

enum class CloseReason : std::uint8_t {
  kNone,
  kLocal,          ///< Disconnect(kOrderly), and the peer ended too
  kLocalReset,     ///< Disconnect(kReset)
  kPeerClosed,     ///< the peer ended in order
  kPeerReset,      ///< the connection broke: see the error
  kConnectFailed,  ///< never established: see the error
  kQueueFull,      ///< the peer does not read: queued_bytes_max reached
  kBadPacket,      ///< the peer's framing is impossible
  kIdle,           ///< idle_timeout
  kDrainTimeout,   ///< the peer did not end, or did not take what was queued, in drain_timeout
  kShutdown        ///< the shard is shutting down
};
std::string_view ToString(CloseReason reason);

enum class SendResult : std::uint8_t { kQueued, kQueueFull, kClosed };

/// How far OnRecv came: `consumed` bytes of whole units; then, of the unit that is incomplete, how
/// many bytes it needs in all, as far as that is known (more than are there; 0 when nothing is left
/// over). When that many have come they are handed out alone: as a whole unit, or to say more.
struct RecvProgress {
  std::size_t consumed = 0;
  std::uint32_t wanted = 0;
};

/// One TCP connection: established, receiving and sending until it is closed, by either side.
/// Owned by its shard's table from AddSession until OnDisconnected returns, then destroyed.
/// Thread: its shard only; others hold a SessionRef.
class Session : public IoObject {
 public:
  enum class State : std::uint8_t {
    kNew,
    kConnecting,
    kOpen,
    kDraining,  ///< one side ended: what is queued goes out, what arrives is still handed out
    kClosing,   ///< closed at the port; waits for its last event
  };

  /// `options` lives longer than the session.
  explicit Session(const SessionOptions& options) : options_(&options) {
    SC_ASSERT(options.queued_bytes_max <= std::numeric_limits<std::uint32_t>::max());
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Appends to what this turn sends; the system call comes at the turn's end, one for all. On
  /// kQueueFull the session closes itself with CloseReason::kQueueFull. Never calls back.
  SendResult Send(SendBuffer buffer);
  /// kOrderly: flush, end our side, read until the peer ends, then close. kReset: at once.
  /// OnDisconnected follows in a later turn, never from inside.
  void Disconnect(CloseKind kind);

  /// Leaves what arrives unread until ResumeReading, so that the peer's window fills up. Its end or
  /// a reset is not seen meanwhile, unless a send fails. An orderly Disconnect reads again.
  /// Never calls back.
  void PauseReading() { reading_paused_ = true; }
  void ResumeReading();
  /// Half-close: what is queued goes out, then the peer reads our end, while we go on reading. Send
  /// refuses from here on. When the peer ends too, the session closes with kPeerClosed.
  void EndSending();
  bool sending_ended() const { return ends_sending_; }

  State state() const { return state_; }
  bool IsOpen() const { return state_ == State::kOpen; }
  SessionRef ref() const;
  Shard& shard() const { return *shard_; }
  std::size_t queued_bytes() const { return queued_bytes_; }
  /// See CompletionPort::NativeSocket. REQUIRES that it is open.
  std::intptr_t native_socket() const;
  /// How often Send took a buffer, whoever called it. A session that is sent one packet a buffer
  /// knows by it how many packets it was sent, broadcasts included.
  std::uint32_t sends_queued() const { return sends_queued_; }
  Clock::time_point last_received() const { return last_received_; }
  /// Bytes are queued, and nothing is under way that sends them. Never so; simulations look.
  bool IsStuck() const { return queued_bytes_ > 0 && !dirty_ && !send_in_flight_; }

 protected:
  virtual void OnConnected() {}
  /// The bytes die when it returns. Called in kOpen and kDraining; may call Send and Disconnect.
  virtual RecvProgress OnRecv(std::span<const std::byte> bytes) = 0;
  /// Everything queued was handed to the system, at `sent_at`.
  virtual void OnSent(Clock::time_point sent_at) { static_cast<void>(sent_at); }
  /// The last call, exactly once for each session that was added. Also for a failed connect.
  virtual void OnDisconnected(CloseReason reason, std::error_code error) {
    static_cast<void>(reason);
    static_cast<void>(error);
  }
  /// For subclasses that find the peer's bytes impossible.
  void Fail(CloseReason reason) { CloseNow(CloseKind::kReset, reason, {}); }

 private:
  friend class Shard;
  friend class ClientService;
  friend class ServerService;

  static constexpr std::size_t kOutputKept = 256;  ///< pieces that an idle session has room for
  static constexpr std::size_t kCopiedMax = SendBufferChunk::kBytes / 4;
  static constexpr std::size_t kOwnChunkBytes = 4'000;  ///< a page, with what is around it

  void OnIo(IoEvent& event) final;
  void Opened();
  /// False: it failed at once, and OnDisconnected follows.
  bool StartConnect(const NetAddress& to, const NetAddress* from);
  void DisconnectFor(CloseKind kind, CloseReason reason);
  void QueueCopy(std::span<const std::byte> bytes);
  void Receive();
  void Consume(std::size_t bytes, std::size_t into_partial);
  bool FinishPartial(std::span<const std::byte>& block);
  void PeerEnded();
  void Flush(Clock::time_point sent_at);
  void DropSent(std::size_t bytes);
  void ForgetSent();
  void ContinueDrain();
  void EndOurSide();
  void CloseNow(CloseKind kind, CloseReason reason, std::error_code error);
  void FinishWithoutHandle(CloseReason reason, std::error_code error);
  void MarkDirty();
  CompletionPort& port() const;

  Shard* shard_ = nullptr;
  Service* service_ = nullptr;  ///< counts its sessions; may be null
  const SessionOptions* options_;
  Handle handle_;
  SessionId id_;
  State state_ = State::kNew;
  CloseReason reason_ = CloseReason::kNone;
  bool dirty_ = false;
  bool send_in_flight_ = false;
  bool behind_ = false;  ///< the peer did not take all of the last flush
  bool peer_ended_ = false;
  bool send_ended_ = false;
  bool ends_sending_ = false;  ///< EndSending: as soon as all is out
  bool reading_paused_ = false;
  bool readable_unread_ = false;  ///< it became readable while paused
  std::uint32_t queued_bytes_ = 0;
  std::uint32_t sends_queued_ = 0;
  std::uint32_t output_head_ = 0;
  std::vector<SendBuffer> output_;
  RecvBuffer partial_;
  std::error_code error_;
  Clock::time_point last_received_{};
  IoEvent read_event_;  ///< connect, then each await
  IoEvent send_event_;
  IoEvent closed_event_;
};

}  // namespace servercore
