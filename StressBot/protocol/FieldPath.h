#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "StressBot/protocol/Value.h"

namespace stressbot {

enum class ReadStatus : std::uint8_t { kOk, kMalformed };

/// A compiled way to one field: walks the wire format and builds no message.
/// An absent scalar reads as its default (0, false, "", or what proto2 says); an absent message on
/// the way likewise. An element that a list does not have is kMissing: there is no default for it.
/// As in protobuf, the last occurrence of a field that is not a list wins. A field with another
/// wire type than the path expects is kMalformed: the two sides have different .proto files.
/// Immutable; safe on any thread.
class FieldPath {
 public:
  enum class Scalar : std::uint8_t {
    kBool,
    kInt32,
    kInt64,
    kUint32,
    kUint64,
    kSint32,
    kSint64,
    kFixed32,
    kFixed64,
    kSfixed32,
    kSfixed64,
    kFloat,
    kDouble,
    kEnum,
    kString,
    kBytes,
    kMessage
  };
  enum class Want : std::uint8_t {
    kValue,
    kSize,   ///< how often a repeated field occurs; bytes of a string
    kExists  ///< whether it is on the wire: a bool
  };
  static constexpr std::size_t kHopsMax = 16;
  struct Hop {
    std::uint32_t number = 0;  ///< field number
    bool repeated = false;
    std::uint32_t element = 0;  ///< which one of a repeated field
  };

  FieldPath() = default;
  /// `absent` is what an absent scalar reads as; unset: 0, false or "".
  /// REQUIRES at most kHopsMax hops.
  FieldPath(std::vector<Hop> hops, Scalar scalar, bool repeated_last, Value absent = {});

  /// `out.text` points into the payload or into this path. After kMalformed `out` is kMissing.
  /// kValue of a message or a list and kSize of a number are kMissing (see Fits).
  ReadStatus Read(std::span<const std::byte> payload, Want want, FieldView& out) const;

  Scalar scalar() const { return scalar_; }
  bool repeated() const { return repeated_last_; }  ///< names the list itself
  /// Whether this can be asked of the field: a list has no value, a number no size.
  bool Fits(Want want) const;

 private:
  struct Walk;

  std::vector<Hop> hops_;
  Scalar scalar_ = Scalar::kInt64;
  bool repeated_last_ = false;
  Value absent_;
};

/// Whether the bytes are a well-formed protobuf message at the outermost level: a packet that is
/// not counts as packets_invalid. Needs no .proto file; what lies within fields is not looked at.
bool IsWellFormed(std::span<const std::byte> payload);

}  // namespace stressbot
