#pragma once
#include <cstddef>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "ServerCore/net/Session.h"
#include "StressBot/cli/ProbeWire.h"

namespace stressbot {

/// What happened at a probed connection, on its way to the main thread.
struct ProbeEvent {
  enum class Kind : std::uint8_t {
    kConnected,
    kPacket,      ///< whole, header and trailer included, as the protocol file describes it
    kKept,        ///< a packet that was for the protocol's hook alone, as it is on the wire
    kImpossible,  ///< what arrived cannot be a packet; the connection ends
    kUnsendable,  ///< the protocol's hook refused the last packet
    kIncomplete,  ///< the beginning of a packet, of which nothing more came for a while
    kEnded
  };
  Kind kind = Kind::kEnded;
  std::vector<std::byte> bytes{};
  std::uint32_t id = 0;
  const char* fault = nullptr;  ///< a noun; of kImpossible also null: the length is
  servercore::CloseReason reason = servercore::CloseReason::kNone;
  std::error_code error{};
};

/// Thread: any.
class ProbeEvents {
 public:
  void Add(ProbeEvent event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  std::vector<ProbeEvent> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<ProbeEvent> events_;
};

/// A connection that hands over all that arrives, also what is no packet: a PacketSession would
/// close without showing it. Thread: its shard only. Options, wire and events live longer.
class ProbeSession final : public servercore::Session {
 public:
  ProbeSession(const servercore::SessionOptions& options, ProbeWire& wire, ProbeEvents& events)
      : Session(options), wire_(wire), events_(events) {}

 private:
  void OnConnected() override;
  servercore::RecvProgress OnRecv(std::span<const std::byte> bytes) override;
  void OnDisconnected(servercore::CloseReason reason, std::error_code error) override;
  bool Take(std::span<const std::byte> wire);  ///< false: it cannot be a packet
  void Refuse(const char* fault, std::span<const std::byte> bytes);
  void SendAtOnce(std::span<const std::byte> bytes);
  void Tell(ProbeEvent::Kind kind, std::span<const std::byte> bytes, std::uint32_t id = 0);

  ProbeWire& wire_;
  ProbeEvents& events_;
};

}  // namespace stressbot
