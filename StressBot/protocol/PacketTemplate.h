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
    std::vector<std::byte> bytes{};  ///< kBytes: as they are; kArgument, kBeginMessage: the tag
    std::uint16_t argument = 0;      ///< kArgument: index
    FieldPath::Scalar scalar = FieldPath::Scalar::kInt64;
    bool omit_default = false;  ///< kArgument: 0 and "" are not written, as proto3 does
  };
  static constexpr std::size_t kOpenMessagesMax = 32;  ///< kBeginMessage within each other

  PacketTemplate() = default;
  /// `framing` outlives the template; `header` holds its constant bytes.
  /// REQUIRES header.size() == framing.header_bytes; each kBeginMessage has its kEndMessage.
  PacketTemplate(const servercore::PacketFraming& framing, std::uint32_t packet_id,
                 std::vector<std::byte> header, std::vector<Part> parts);

  /// An upper bound of what Encode writes for these arguments, header included. Cheap.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Writes the whole packet and returns its size; 0 when it exceeds the packet limit or when a
  /// number field got text that is no number. Values are taken as far as they go: any number for
  /// any number field (rounded, and at the ends of its range the end), text that is a number, any
  /// value as text. An unset value is 0 or "".
  /// REQUIRES out.size() >= BytesMax(arguments), and an argument for each index in use.
  std::size_t Encode(std::span<std::byte> out, std::span<const Value> arguments) const;

 private:
  const servercore::PacketFraming* framing_ = nullptr;
  std::uint32_t packet_id_ = 0;
  std::vector<std::byte> header_;
  std::vector<Part> parts_;
  std::size_t fixed_bytes_max_ = 0;            ///< all but the texts of arguments
  std::vector<std::uint16_t> text_arguments_;  ///< once for each place of one
};

}  // namespace stressbot
