#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "StressBot/protocol/Value.h"

namespace stressbot {

enum class ReadStatus : std::uint8_t { kOk, kMalformed };

/// A compiled way to one field: walks the wire format and builds no message.
/// An absent proto3 scalar reads as its default (FieldView of 0, false or ""); an absent message on
/// the way likewise. Immutable; safe on any thread.
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
  struct Hop {
    std::uint32_t number = 0;  ///< field number
    bool repeated = false;
    std::uint32_t element = 0;  ///< which one of a repeated field
  };

  FieldPath() = default;
  FieldPath(std::vector<Hop> hops, Scalar scalar, bool repeated_last)
      : hops_(std::move(hops)), scalar_(scalar), repeated_last_(repeated_last) {}

  ReadStatus Read(std::span<const std::byte> payload, Want want, FieldView& out) const;

  Scalar scalar() const { return scalar_; }
  bool repeated() const { return repeated_last_; }  ///< names the list itself: only kSize fits

 private:
  std::vector<Hop> hops_;
  Scalar scalar_ = Scalar::kInt64;
  bool repeated_last_ = false;
};

/// Whether the bytes are a well-formed protobuf message at the outermost level: a packet that is
/// not counts as packets_invalid.
bool IsWellFormed(std::span<const std::byte> payload);

}  // namespace stressbot
