#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A way to one field of a protobuf message: walks the wire format and builds no message.
/// An absent scalar reads as its default (0, false, "", or what proto2 says); an absent message on
/// the way likewise. An element that a list does not have is kMissing: there is no default for it.
/// As in protobuf, the last occurrence of a field that is not a list wins. A field with another
/// wire type than the path expects is kMalformed: the two sides have different .proto files.
/// Immutable; safe on any thread.
class ProtobufPath {
 public:
  static constexpr std::size_t kHopsMax = 16;
  struct Hop {
    std::uint32_t number = 0;  ///< field number
    bool repeated = false;
    std::uint32_t element = 0;  ///< which one of a repeated field
  };

  ProtobufPath() = default;
  /// `absent` is what an absent scalar reads as; unset: 0, false or "".
  /// REQUIRES at most kHopsMax hops.
  ProtobufPath(std::vector<Hop> hops, FieldScalar scalar, bool repeated_last, Value absent = {});

  /// As FieldPath::Read. The size of a text counts its bytes.
  ReadStatus Read(std::span<const std::byte> payload, FieldWant want, FieldView& out) const;

  FieldScalar scalar() const { return scalar_; }
  bool repeated() const { return repeated_last_; }

 private:
  struct Walk;

  std::vector<Hop> hops_;
  FieldScalar scalar_ = FieldScalar::kInt64;
  bool repeated_last_ = false;
  Value absent_;
};

}  // namespace stressbot
