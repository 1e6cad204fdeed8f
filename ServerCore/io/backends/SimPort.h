#pragma once
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/EventQueue.h"
#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/io/backends/SlotTable.h"

namespace servercore {

/// A port without sockets, on a SimNetwork. Wait never sleeps: it hands out what is finished at the
/// network's clock. Whoever runs the world calls it when it has something, or when the time is over
/// until which its owner wished to sleep.
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
  std::intptr_t NativeSocket(Handle) const override { return -1; }
  std::size_t Wait(std::span<IoEvent*> out, Clock::time_point until) override;
  void Wake() noexcept override { woken_ = true; }
  Clock::time_point Now() const override { return network_.Now(); }
  std::size_t open_handles() const override { return sockets_.used(); }

  /// A Wait would return now whatever its time: woken since the last one, or completions are there.
  bool runnable() const { return woken_ || !finished_.empty(); }
  /// Events that were submitted and whose completions were not handed out yet.
  std::size_t events_in_flight() const { return in_flight_; }
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

  void Submit(IoEvent& event, Op op, std::uint32_t slot);
  Socket& Live(Handle handle) const;
  Socket& Open(Handle handle) const;
  void PumpAccepts(Socket& listener);

  SimNetwork& network_;
  mutable SlotTable<Socket> sockets_;
  EventQueue finished_;
  std::size_t in_flight_ = 0;
  bool woken_ = false;
};

}  // namespace servercore
