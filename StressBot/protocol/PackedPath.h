#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/PackedShape.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A way to one field of a packed payload. An element that a list does not have is kMissing. A
/// payload that breaks off before the field is kMalformed; what lies aside is not looked at.
/// Immutable; safe on any thread.
class PackedPath {
 public:
  struct Hop {
    enum class Kind : std::uint8_t {
      kForward,  ///< `count` bytes
      kSkip,     ///< over `shape`, whose size only the packet knows
      kElement   ///< from the list `shape` to its element `count`
    };
    Kind kind = Kind::kForward;
    std::size_t count = 0;
    std::shared_ptr<const PackedShape> shape{};
  };

  /// `target` lies where the hops lead; `header_bytes` of the protocol.
  PackedPath(std::vector<Hop> hops, std::shared_ptr<const PackedShape> target,
             std::size_t header_bytes);

  /// As FieldPath::Read. The size of a text counts its units: two bytes each in UTF-16.
  ReadStatus Read(std::span<const std::byte> payload, FieldWant want, FieldView& out) const;

  FieldScalar scalar() const;  ///< a list's is that of its elements
  bool repeated() const { return target_->IsList(); }

 private:
  enum class Arrival : std::uint8_t { kThere, kNoElement, kBroken };
  Arrival Follow(const PackedPayload& payload, std::size_t& at) const;
  ReadStatus ReadTarget(const PackedPayload& payload, std::size_t at, FieldWant want,
                        FieldView& out) const;

  std::vector<Hop> hops_;
  std::shared_ptr<const PackedShape> target_;
  std::size_t header_bytes_;
};

}  // namespace stressbot
