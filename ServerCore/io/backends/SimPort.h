#pragma once
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/EventQueue.h"
#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/io/backends/SlotTable.h"

namespace servercore {

/// A port without sockets, on a SimNetwork. Wait never sleeps: it hands out what is finished at the
/// network's clock and remembers until when its owner wished to sleep. Whoever runs the world steps
/// the runnable ports' owners, and jumps time when no port is runnable.
/// Thread: the network's.
class SimPort final : public CompletionPort, private SimSocketOwner {
 public:
  explicit SimPort(SimNetwork& network) : network_(network) {}
  ~SimPort() override;
  SimPort(const SimPort&) = delete;
  SimPort& operator=(const SimPort&) = delete;

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
  std::size_t Wait(std::span<IoEvent*> out, Clock::time_point until) override;
  void Wake() noexcept override { woken_ = true; }
  Clock::time_point Now() const override { return network_.Now(); }
  std::size_t open_handles() const override { return sockets_.used(); }

  /// Woken since its last Wait.
  bool woken() const { return woken_; }
  /// When the owner wants its next turn: `until` of a Wait that found nothing to do; after a Wait
  /// that gave work, at once, for that work may have set a timer that is due sooner.
  Clock::time_point wake_at() const { return wake_at_; }
  /// A turn of the owner would do something at the network's present time.
  bool runnable() const { return woken_ || !finished_.empty() || wake_at_ <= network_.Now(); }
  /// A fault: both ends of this connection see a reset now.
  void InjectReset(Handle handle) { network_.Reset(Open(handle).id); }

 private:
  enum class State : std::uint8_t { kListening, kConnecting, kOpen, kClosing };
  struct Socket {
    EventQueue accepts;
    IoEvent* input = nullptr;   ///< kReadable in flight
    IoEvent* output = nullptr;  ///< kConnect or kSend in flight
    std::uint64_t id = 0;       ///< of the network's end or listener
    State state = State::kOpen;
  };

  void OnSimReadable(std::uint32_t slot) override;
  void OnSimWritable(std::uint32_t slot) override;
  void OnSimConnected(std::uint32_t slot, std::error_code error) override;
  void OnSimWaiting(std::uint32_t slot) override { PumpAccepts(sockets_.At(slot)); }

  Socket& Live(Handle handle) const;
  Socket& Open(Handle handle) const;
  void Finish(IoEvent*& event) { finished_.Push(*std::exchange(event, nullptr)); }
  void Cancel(IoEvent*& event);
  void PumpAccepts(Socket& listener);

  SimNetwork& network_;
  mutable SlotTable<Socket> sockets_;
  EventQueue finished_;
  Clock::time_point wake_at_ = Clock::time_point::min();  ///< the first turn is wanted at once
  bool woken_ = false;
};

}  // namespace servercore
