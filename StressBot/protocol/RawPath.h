#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// All of a raw payload or some bytes of it, as text or as hex digits; or its size. Bytes that the
/// payload does not have are kMissing. Nothing is malformed.
/// Immutable; safe on any thread.
class RawPath {
 public:
  enum class What : std::uint8_t { kText, kHex, kSize };

  /// `count` bytes from `from` on; without it, all that follow.
  explicit RawPath(What what, std::size_t from = 0, std::optional<std::size_t> count = {})
      : what_(what), from_(from), count_(count) {}

  /// As FieldPath::Read; sizes are in bytes.
  ReadStatus Read(std::span<const std::byte> payload, FieldWant want, FieldView& out) const;

  FieldScalar scalar() const;
  bool repeated() const { return false; }

 private:
  What what_;
  std::size_t from_;
  std::optional<std::size_t> count_;
};

}  // namespace stressbot
