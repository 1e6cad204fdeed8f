#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <variant>

#include "StressBot/protocol/Field.h"
#include "StressBot/protocol/PackedPath.h"
#include "StressBot/protocol/ProtobufPath.h"
#include "StressBot/protocol/RawPath.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A compiled way to one field of a payload, read in place. A value with one of the codecs' ways
/// in it instead of a virtual call: it is read for every packet that a rule may want.
/// Immutable; safe on any thread.
class FieldPath {
 public:
  using Scalar = FieldScalar;
  using Want = FieldWant;

  FieldPath() = default;
  explicit FieldPath(ProtobufPath path) : way_(std::move(path)) {}
  explicit FieldPath(PackedPath path) : way_(std::move(path)) {}
  explicit FieldPath(RawPath path) : way_(path) {}

  /// `out.text` points into the payload or into this path. After kMalformed `out` is kMissing.
  /// kValue of a message or a list and kSize of a number are kMissing (see Fits).
  ReadStatus Read(std::span<const std::byte> payload, Want want, FieldView& out) const {
    if (const auto* protobuf = std::get_if<ProtobufPath>(&way_)) {
      return protobuf->Read(payload, want, out);
    }
    if (const auto* packed = std::get_if<PackedPath>(&way_)) {
      return packed->Read(payload, want, out);
    }
    return std::get_if<RawPath>(&way_)->Read(payload, want, out);
  }

  Scalar scalar() const {
    return std::visit([](const auto& path) { return path.scalar(); }, way_);
  }
  bool repeated() const {  ///< names the list itself
    return std::visit([](const auto& path) { return path.repeated(); }, way_);
  }
  /// Whether this can be asked of the field: a list has no value, a number no size.
  bool Fits(Want want) const { return stressbot::Fits(want, scalar(), repeated()); }

 private:
  std::variant<ProtobufPath, PackedPath, RawPath> way_;
};

}  // namespace stressbot
