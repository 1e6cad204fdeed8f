#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A protobuf message to send: constant bytes and places for arguments.
/// Immutable; safe on any thread.
class ProtobufTemplate {
 public:
  struct Part {
    enum class Kind : std::uint8_t { kBytes, kArgument, kBeginMessage, kEndMessage };
    Kind kind = Kind::kBytes;
    std::vector<std::byte> bytes{};  ///< kBytes: as they are; kArgument, kBeginMessage: the tag
    std::uint16_t argument = 0;      ///< kArgument: index
    FieldScalar scalar = FieldScalar::kInt64;
    bool omit_default = false;  ///< kArgument: 0 and "" are not written, as proto3 does
  };
  static constexpr std::size_t kOpenMessagesMax = 32;  ///< kBeginMessage within each other

  ProtobufTemplate() = default;
  /// REQUIRES that each kBeginMessage has its kEndMessage.
  explicit ProtobufTemplate(std::vector<Part> parts);

  /// An upper bound of what Write writes.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Returns the place behind the message; nullptr when a number field got text that is no number.
  std::byte* Write(std::byte* at, std::span<const Value> arguments) const;

 private:
  std::vector<Part> parts_;
  std::size_t fixed_bytes_max_ = 0;            ///< all but the texts of arguments
  std::vector<std::uint16_t> text_arguments_;  ///< once for each place of one
};

}  // namespace stressbot
