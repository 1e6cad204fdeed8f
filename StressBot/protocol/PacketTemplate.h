#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "ServerCore/packet/PacketFraming.h"
#include "StressBot/protocol/PackedTemplate.h"
#include "StressBot/protocol/ProtobufTemplate.h"
#include "StressBot/protocol/RawTemplate.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A packet to send, encoded once as far as it is constant; the rest are places for arguments.
/// Immutable; safe on any thread.
class PacketTemplate {
 public:
  using Payload = std::variant<ProtobufTemplate, PackedTemplate, RawTemplate>;

  PacketTemplate() = default;
  /// `framing` outlives the template; `header` and `trailer` hold their constant bytes.
  /// REQUIRES header.size() == framing.header_bytes.
  PacketTemplate(const servercore::PacketFraming& framing, std::uint32_t packet_id,
                 std::vector<std::byte> header, Payload payload,
                 std::vector<std::byte> trailer = {});

  /// An upper bound of what Encode writes for these arguments, header and trailer included. Cheap.
  /// What an envelope or a hook does with the packet comes after it.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Writes the whole packet and returns its size; 0 when it exceeds the packet limit, when a
  /// number field got text that is no number, when a text is too long for its place, or is no hex
  /// where it must be. Values are
  /// taken as far as they go: any number for any number field (rounded, and at the ends of its
  /// range the end), text that is a number, any value as text. An unset value is 0 or "".
  /// REQUIRES out.size() >= BytesMax(arguments), and an argument for each index in use.
  std::size_t Encode(std::span<std::byte> out, std::span<const Value> arguments) const;

 private:
  const servercore::PacketFraming* framing_ = nullptr;
  std::uint32_t packet_id_ = 0;
  std::vector<std::byte> header_;
  std::vector<std::byte> trailer_;
  Payload payload_;
};

}  // namespace stressbot
