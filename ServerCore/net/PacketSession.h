#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "ServerCore/net/Session.h"
#include "ServerCore/packet/PacketFraming.h"

namespace servercore {

/// A whole packet in place. Dies when OnPacket returns.
struct PacketView {
  std::uint32_t id = 0;
  std::span<const std::byte> bytes;  ///< header included
  std::span<const std::byte> payload;
};

/// Cuts the byte stream of a Session into packets.
/// Thread: its shard only. Apart from Session, because a session must not know any packet format.
class PacketSession : public Session {
 public:
  /// Both live longer than the session.
  PacketSession(const SessionOptions& options, const PacketFraming& framing)
      : Session(options), framing_(&framing) {}

  const PacketFraming& framing() const { return *framing_; }

 protected:
  virtual void OnPacket(const PacketView& packet) = 0;
  /// A size below the header or above the limit. The session closes with kBadPacket after it.
  virtual void OnBadPacket(PacketError error) { static_cast<void>(error); }
  /// Overridden where the bytes of the stream are not yet those of packets.
  RecvProgress OnRecv(std::span<const std::byte> bytes) override;

 private:
  const PacketFraming* framing_;
};

}  // namespace servercore
