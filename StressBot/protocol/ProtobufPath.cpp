#include "StressBot/protocol/ProtobufPath.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/Scalar.h"
#include "StressBot/protocol/WireFormat.h"

namespace stressbot {
namespace {

/// What an absent scalar reads as. The view of a text points into `absent`.
FieldView MakeAbsent(FieldScalar scalar, const Value& absent) {
  FieldView view = DecodeScalar(scalar, 0, {});
  if (const auto* as_bool = std::get_if<bool>(&absent)) view.as_bool = *as_bool;
  if (const auto* as_int = std::get_if<std::int64_t>(&absent)) view.as_int = *as_int;
  if (const auto* as_uint = std::get_if<std::uint64_t>(&absent)) view.as_uint = *as_uint;
  if (const auto* as_double = std::get_if<double>(&absent)) view.as_double = *as_double;
  if (const auto* text = std::get_if<std::string>(&absent)) view.text = *text;
  return view;
}

}  // namespace

/// One reading. A message that occurs twice counts as one whose parts are merged, so the counts
/// live here and not within one occurrence.
struct ProtobufPath::Walk {
  explicit Walk(const ProtobufPath& read_path) : path(read_path) {
    std::fill_n(seen.begin(), path.hops_.size(), 0);  // most paths have one hop, not kHopsMax
  }

  const ProtobufPath& path;
  std::array<std::uint64_t, kHopsMax> seen;  ///< elements so far of each hop's list
  bool found = false;
  std::uint64_t bits = 0;
  std::span<const std::byte> bytes;

  bool Visit(std::span<const std::byte> message, std::size_t depth) {
    const Hop& hop = path.hops_[depth];
    const bool is_last = depth + 1 == path.hops_.size();
    wire::Reader reader(message);
    wire::Field field;
    while (reader.Next(field)) {
      if (field.number != hop.number) continue;
      if (is_last ? !Take(hop, depth, field) : !Enter(hop, depth, field)) return false;
    }
    return !reader.malformed();
  }

  bool Enter(const Hop& hop, std::size_t depth, const wire::Field& field) {
    if (field.type != wire::Type::kBytes) return false;
    if (hop.repeated && seen[depth]++ != hop.element) return true;
    return Visit(field.bytes, depth + 1);
  }

  bool Take(const Hop& hop, std::size_t depth, const wire::Field& field) {
    const bool is_list = hop.repeated || path.repeated_last_;
    const wire::Type expected = WireTypeOf(path.scalar_);
    if (field.type == expected) {
      Keep(hop, depth, is_list, field.bits, field.bytes);
      return true;
    }
    if (!is_list || field.type != wire::Type::kBytes) return false;
    wire::Reader packed(field.bytes);  // proto3 packs numbers; either way is allowed to arrive
    std::uint64_t number = 0;
    while (packed.NextPacked(expected, number)) Keep(hop, depth, is_list, number, {});
    return !packed.malformed();
  }

  void Keep(const Hop& hop, std::size_t depth, bool is_list, std::uint64_t new_bits,
            std::span<const std::byte> new_bytes) {
    if (is_list && seen[depth]++ != hop.element && !path.repeated_last_) return;
    found = true;
    bits = new_bits;
    bytes = new_bytes;
  }

  /// Whether a list on the way is too short for the element that the path names.
  bool LacksElement() const {
    for (std::size_t depth = 0; depth < path.hops_.size(); ++depth) {
      const Hop& hop = path.hops_[depth];
      const bool is_whole_list = path.repeated_last_ && depth + 1 == path.hops_.size();
      if (hop.repeated && !is_whole_list && seen[depth] <= hop.element) return true;
    }
    return false;
  }
};

ProtobufPath::ProtobufPath(std::vector<Hop> hops, FieldScalar scalar, bool repeated_last,
                           Value absent)
    : hops_(std::move(hops)),
      scalar_(scalar),
      repeated_last_(repeated_last),
      absent_(std::move(absent)) {
  SC_ASSERT(hops_.size() <= kHopsMax);
}

ReadStatus ProtobufPath::Read(std::span<const std::byte> payload, FieldWant want,
                              FieldView& out) const {
  out = FieldView{};
  if (hops_.empty()) return ReadStatus::kOk;
  Walk walk(*this);
  if (!walk.Visit(payload, 0)) return ReadStatus::kMalformed;
  if (want == FieldWant::kExists) {
    out = MakeBool(walk.found);
  } else if (!Fits(want, scalar_, repeated_last_) || walk.LacksElement()) {
    return ReadStatus::kOk;
  } else if (want == FieldWant::kSize) {
    out = MakeUint(repeated_last_ ? walk.seen[hops_.size() - 1] : walk.bytes.size());
  } else {
    out = walk.found ? DecodeScalar(scalar_, walk.bits, walk.bytes) : MakeAbsent(scalar_, absent_);
  }
  return ReadStatus::kOk;
}

}  // namespace stressbot
