#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ServerCore/packet/PacketFraming.h"
#include "StressBot/protocol/FieldPath.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A packet to send, encoded once as far as it is constant; the rest are places for arguments.
/// Immutable; safe on any thread.
class PacketTemplate {
 public:
  struct Part {
    enum class Kind : std::uint8_t { kBytes, kArgument, kBeginMessage, kEndMessage };
    Kind kind = Kind::kBytes;
    std::vector<std::byte> bytes;  ///< kBytes: as they are; kArgument, kBeginMessage: the tag
    std::uint16_t argument = 0;    ///< kArgument: index
    FieldPath::Scalar scalar = FieldPath::Scalar::kInt64;
  };

  PacketTemplate() = default;
  PacketTemplate(const servercore::PacketFraming& framing, std::uint32_t packet_id,
                 std::vector<std::byte> header, std::vector<Part> parts);

  /// An upper bound of what Encode writes for these arguments, header included.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Writes the whole packet and returns its size; 0 when it exceeds the packet limit.
  /// REQUIRES out.size() >= BytesMax(arguments).
  std::size_t Encode(std::span<std::byte> out, std::span<const Value> arguments) const;

 private:
  const servercore::PacketFraming* framing_ = nullptr;
  std::uint32_t packet_id_ = 0;
  std::vector<std::byte> header_;
  std::vector<Part> parts_;
};

}  // namespace stressbot
