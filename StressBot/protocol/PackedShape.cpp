#include "StressBot/protocol/PackedShape.h"

#include <algorithm>

#include "ServerCore/packet/Unicode.h"

namespace stressbot {
namespace {

using Kind = PackedShape::Kind;
using Storage = PackedShape::Storage;

/// One walk over a whole packet. What lies elsewhere takes its bytes from those behind the fields,
/// so the work is bounded by the packet's size.
class Validation {
 public:
  Validation(const PackedPayload& payload, std::size_t fields_end)
      : payload_(payload),
        fields_end_(fields_end),
        unclaimed_(payload.bytes().size() - fields_end) {}

  bool Check(const PackedShape& shape, std::size_t at) {
    switch (shape.kind) {
      case Kind::kNumber:
        return true;
      case Kind::kText:
        return CheckText(shape, at);
      case Kind::kList:
        return CheckList(shape, at);
      case Kind::kStruct:
        for (const PackedShape::Member& member : shape.members) {
          if (!Check(*member.shape, at)) return false;
          at = payload_.Skip(*member.shape, at);
        }
        return true;
    }
    return false;
  }

 private:
  bool CheckText(const PackedShape& shape, std::size_t at) {
    PackedPayload::Elements units;
    if (!payload_.Find(shape, at, units)) return false;
    if (!Claim(shape, units, units.at + units.count * shape.unit_bytes)) return false;
    const std::span<const std::byte> text = payload_.TextOf(shape, units);
    if (shape.encoding == PackedShape::Encoding::kUtf16) return servercore::IsUtf16(text);
    return shape.encoding == PackedShape::Encoding::kChar ||
           servercore::IsUtf8({reinterpret_cast<const char*>(text.data()), text.size()});
  }

  bool CheckList(const PackedShape& shape, std::size_t at) {
    PackedPayload::Elements elements;
    if (!payload_.Find(shape, at, elements)) return false;
    std::size_t end = elements.at;
    if (shape.element->inline_bytes) {
      const std::size_t bytes = elements.count * *shape.element->inline_bytes;
      if (!payload_.Has(end, bytes)) return false;
      end += bytes;
    } else {
      for (std::size_t i = 0; i < elements.count; ++i) {
        end = payload_.Skip(*shape.element, end);
        if (end == kNowhere) return false;
      }
    }
    if (!Claim(shape, elements, end)) return false;
    if (shape.element->kind == Kind::kNumber) return true;
    std::size_t element = elements.at;
    for (std::size_t i = 0; i < elements.count; ++i) {
      if (!Check(*shape.element, element)) return false;
      element = payload_.Skip(*shape.element, element);
    }
    return true;
  }

  bool Claim(const PackedShape& shape, const PackedPayload::Elements& elements, std::size_t end) {
    if (shape.storage != Storage::kOffset || elements.count == 0) return true;
    const std::size_t bytes = end - elements.at;
    if (elements.at < fields_end_ || bytes > unclaimed_) return false;
    unclaimed_ -= bytes;
    return true;
  }

  const PackedPayload& payload_;
  std::size_t fields_end_;
  std::size_t unclaimed_;
};

}  // namespace

const PackedShape::Member* PackedShape::Find(std::string_view member) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [member](const Member& each) { return each.name == member; });
  return found == members.end() ? nullptr : &*found;
}

std::uint64_t PackedPayload::Number(std::size_t at, std::size_t bytes, bool big_endian) const {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t place = big_endian ? bytes - 1 - i : i;
    number |= std::to_integer<std::uint64_t>(bytes_[at + place]) << (8 * i);
  }
  return number;
}

std::size_t PackedPayload::Skip(const PackedShape& shape, std::size_t at) const {
  if (shape.inline_bytes) return Has(at, *shape.inline_bytes) ? at + *shape.inline_bytes : kNowhere;
  if (shape.kind == Kind::kStruct) {
    for (const PackedShape::Member& member : shape.members) {
      at = Skip(*member.shape, at);
      if (at == kNowhere) return kNowhere;
    }
    return at;
  }
  Elements elements;  // of a text or list that lies here
  if (!Find(shape, at, elements)) return kNowhere;
  if (shape.kind == Kind::kText) return elements.at + elements.count * shape.unit_bytes;
  return ElementAt(shape, elements, elements.count);
}

bool PackedPayload::Find(const PackedShape& shape, std::size_t at, Elements& out) const {
  switch (shape.storage) {
    case Storage::kFixed:
      out = {at, shape.fixed_count};
      break;
    case Storage::kCounted:
      if (!Has(at, shape.count_bytes)) return false;
      out = {at + shape.count_bytes, Number(at, shape.count_bytes, shape.big_endian)};
      if (shape.counts_bytes) {
        if (out.count % shape.unit_bytes != 0) return false;
        out.count /= shape.unit_bytes;
      }
      break;
    case Storage::kOffset: {
      if (!Has(at, kOffsetBytes)) return false;
      const std::size_t offset = Number(at, 2);
      out = {at, Number(at + 2, 2)};
      if (out.count == 0) return true;  // then the offset means nothing
      if (offset < header_bytes_) return false;
      out.at = offset - header_bytes_;
      break;
    }
  }
  // Counts have 32 bits and units 2 bytes: no overflow in a size_t of 64 bits.
  return shape.kind != Kind::kText || Has(out.at, out.count * shape.unit_bytes);
}

std::size_t PackedPayload::ElementAt(const PackedShape& list, const Elements& elements,
                                     std::size_t index) const {
  if (const auto& bytes = list.element->inline_bytes) {
    const std::size_t distance = index * *bytes;  // both of 32 bits at most
    return Has(elements.at, distance) ? elements.at + distance : kNowhere;
  }
  std::size_t at = elements.at;
  for (std::size_t i = 0; i < index && at != kNowhere; ++i) at = Skip(*list.element, at);
  return at;
}

std::span<const std::byte> PackedPayload::TextOf(const PackedShape& text,
                                                 const Elements& units) const {
  std::size_t count = units.count;
  if (text.storage == Storage::kFixed) {
    for (count = 0; count < units.count; ++count) {
      if (Number(units.at + count * text.unit_bytes, text.unit_bytes) == 0) break;
    }
  }
  return bytes_.subspan(units.at, count * text.unit_bytes);
}

bool IsWellFormed(const PackedShape& packet, const PackedPayload& payload) {
  const std::size_t end = payload.Skip(packet, 0);
  if (end == kNowhere || (!packet.has_offsets && end != payload.bytes().size())) return false;
  return Validation(payload, end).Check(packet, 0);
}

}  // namespace stressbot
