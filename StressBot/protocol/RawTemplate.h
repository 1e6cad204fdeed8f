#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A raw payload to send: bytes, or one argument that is them as text or as hex digits.
/// Immutable; safe on any thread.
class RawTemplate {
 public:
  explicit RawTemplate(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  RawTemplate(std::uint16_t argument, bool is_hex)
      : argument_(argument), has_argument_(true), is_hex_(is_hex) {}

  std::size_t constant_bytes() const { return bytes_.size(); }
  /// An upper bound of what Write writes.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Returns the place behind the payload; nullptr when the argument had to be hex and is not.
  std::byte* Write(std::byte* at, std::span<const Value> arguments) const;

 private:
  std::vector<std::byte> bytes_;
  std::uint16_t argument_ = 0;
  bool has_argument_ = false;
  bool is_hex_ = false;
};

}  // namespace stressbot
