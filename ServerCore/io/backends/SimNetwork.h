#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// What a simulated network does to its traffic. Probabilities are 0 to 1.
struct SimOptions {
  std::uint64_t seed = 1;
  std::chrono::nanoseconds latency_min = std::chrono::microseconds(50);  ///< one way
  std::chrono::nanoseconds latency_max = std::chrono::microseconds(150);
  std::size_t read_bytes_max = 0;  ///< of one Read; 0: no limit, 1: every byte boundary
  std::size_t send_bytes_max = 0;  ///< of one Send; 0: no limit
  double short_read_probability = 0;
  double short_send_probability = 0;
  double spurious_readable_probability = 0;  ///< kReadable with nothing there; below 1
  double connect_refused_probability = 0;
  double accept_failure_probability = 0;  ///< too_many_files_open; the connection stays waiting
  double attach_failure_probability = 0;  ///< no_space_on_device, as epoll's limit of watches
  std::size_t socket_buffer_bytes = 256 * 1024;  ///< on the way and unread, one direction
};

/// Numbers that depend on the seed only, on every system (the standard's distributions do not).
/// SplitMix64, https://prng.di.unimi.it/splitmix64.c
class SimRandom {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  std::uint64_t UpTo(std::uint64_t last) { return Next() % (last + 1); }  ///< 0..last
  bool Happens(double probability);

 private:
  std::uint64_t state_;
};

/// A SimPort, as the network sees it. Called while time advances or from the port's own submits;
/// must not call the network's Close.
class SimSocketOwner {
 public:
  virtual void OnSimReadable(std::uint32_t slot) = 0;
  virtual void OnSimWritable(std::uint32_t slot) = 0;
  virtual void OnSimConnected(std::uint32_t slot, std::error_code error) = 0;
  virtual void OnSimWaiting(std::uint32_t slot) = 0;  ///< a listener has a connection to accept

 protected:
  ~SimSocketOwner() = default;
};

/// The network under many SimPorts: no sockets, simulated time, one thread. Each direction of a
/// connection keeps its order; between connections the seed decides. Same seed, same run.
/// Outlives its ports and every DetachedSocket they accepted.
class SimNetwork final : private SocketCloser {
 public:
  explicit SimNetwork(SimOptions options = {});
  ~SimNetwork() = default;
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  Clock::time_point Now() const { return now_; }
  /// When the next byte, connection or reset arrives somewhere; nothing if all is quiet.
  std::optional<Clock::time_point> NextEventTime() const;
  /// Delivers what arrives until `time`, each at its own time. Ports see it at their next Wait, so
  /// a world that wants them to answer in time goes from NextEventTime to NextEventTime.
  /// REQUIRES time >= Now().
  void AdvanceTo(Clock::time_point time);
  /// Delivers what is due now (latency 0). SimPort::Wait calls it.
  void DeliverDue() { AdvanceTo(now_); }

  // Faults. An address with port 0 means all ports of that host.
  /// Holds back everything to and from the address until Resume: a stalled server.
  void Pause(const NetAddress& address);
  void Resume(const NetAddress& address);
  /// Loses everything to and from the address, silently and for ever: a pulled cable.
  void CutOff(const NetAddress& address);
  /// Both ends of every connection see a reset now.
  void ResetAll() { ResetSome(1); }
  /// The same for each connection by chance.
  void ResetSome(double probability);

  /// Grows with every delivery's time, place and size: equal for equal runs.
  std::uint64_t trace_hash() const { return trace_hash_; }

  /// One side of a connection. Even: the side that connected; `id ^ 1` is its peer. Never comes
  /// back.
  using EndId = std::uint64_t;
  /// Shown all that readers take, as they take it: a packet capture.
  using Tap = std::function<void(EndId reader, std::span<const std::byte> bytes)>;
  void SetTap(Tap tap) { tap_ = std::move(tap); }

  // For SimPort.
  using ListenerId = std::uint64_t;
  EndId Connect(const NetAddress& to, const NetAddress* from, SimSocketOwner& owner);
  Result<ListenerId> Listen(const NetAddress& at, int backlog, SimSocketOwner& owner);
  void SetListenerSlot(ListenerId id, std::uint32_t slot);
  void SetOwner(EndId id, SimSocketOwner& owner, std::uint32_t slot);
  /// The oldest waiting connection; nothing if none waits; too_many_files_open by chance.
  Result<std::optional<EndId>> TakeWaiting(ListenerId id);
  bool FailsToAttach() { return random_.Happens(options_.attach_failure_probability); }
  void CloseListener(ListenerId id);
  bool IsReadable(EndId id);
  IoResult Read(EndId id, std::span<const MutableBuffer> into);
  /// kPending: OnSimWritable follows.
  IoResult Send(EndId id, std::span<const ConstBuffer> from);
  void ShutdownSend(EndId id);
  void Close(EndId id, CloseKind kind);
  /// Both ends of this connection see a reset now.
  void Reset(EndId id);
  NetAddress LocalAddress(EndId id) { return EndOf(id).local; }
  NetAddress RemoteAddress(EndId id) { return PeerOf(id).local; }
  NetAddress ListenerAddress(ListenerId id) { return listeners_.at(id).at; }
  SocketCloser& closer() { return *this; }

 private:
  enum class Kind : std::uint8_t { kSyn, kAccepted, kRefused, kData, kCredit, kFin, kReset };
  struct Segment {
    Kind kind{};
    std::vector<std::byte> bytes{};  ///< kData
    std::size_t credit = 0;          ///< kCredit: what the reader took out of its buffer
  };
  enum class EndState : std::uint8_t { kNone, kConnecting, kOpen, kClosed };
  struct End {
    NetAddress local;
    SimSocketOwner* owner = nullptr;  ///< null: waiting, detached or closed
    std::uint32_t slot = 0;
    EndState state = EndState::kNone;
    bool send_shut = false;
    bool waits_to_send = false;
    bool saw_end = false;
    std::error_code error;
    std::vector<std::byte> received;
    std::size_t read_offset = 0;  ///< into `received`
    std::size_t window = 0;       ///< bytes that may still be sent
    std::deque<Segment> sent;     ///< on the way to the peer, in order
    Clock::time_point last_arrival{};
  };
  struct Connection {
    End ends[2];  ///< the one that connected, the one that was accepted
  };
  struct Listener {
    NetAddress at;
    SimSocketOwner* owner = nullptr;
    std::uint32_t slot = 0;
    std::size_t backlog = 0;
    std::deque<EndId> waiting;
  };
  /// Says that an end's oldest segment arrives. Segments stay in their end's queue, so whatever the
  /// order of arrivals at one instant, no connection's bytes are ever reordered.
  struct Arrival {
    Clock::time_point at;
    std::uint64_t tie = 0;  ///< drawn: the order between connections at one instant
    EndId from = 0;
    bool operator>(const Arrival& other) const {
      if (at != other.at) return at > other.at;
      return tie != other.tie ? tie > other.tie : from > other.from;
    }
  };

  void CloseDetached(std::intptr_t native) noexcept override;
  End& EndOf(EndId id) { return connections_.at(id / 2).ends[id % 2]; }
  End& PeerOf(EndId id) { return EndOf(id ^ 1U); }
  void Transmit(EndId from, Segment segment, std::chrono::nanoseconds extra = {});
  void Deliver(const Arrival& arrival);
  void DeliverSyn(EndId from, Segment segment);
  void DeliverToEnd(EndId to, Segment& segment);
  void FinishConnect(End& end, std::error_code error);
  void Break(End& end);
  Listener* FindListener(const NetAddress& to);
  bool IsListed(const std::vector<NetAddress>& list, EndId id);
  std::size_t Limit(std::size_t total, std::size_t bytes_max, double short_probability);
  NetAddress WithFreePort(const NetAddress& address);

  const SimOptions options_;
  SimRandom random_;
  Clock::time_point now_ = Clock::time_point(std::chrono::hours(1));  ///< not 0: "before" exists
  std::map<std::uint64_t, Connection> connections_;
  std::map<ListenerId, Listener> listeners_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::vector<Arrival> held_;
  std::vector<NetAddress> paused_;
  std::vector<NetAddress> cut_off_;
  std::uint64_t next_id_ = 1;
  std::uint16_t next_port_ = 10'000;
  std::uint64_t trace_hash_ = 0;
  Tap tap_;
};

}  // namespace servercore
