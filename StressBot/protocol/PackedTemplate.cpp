#include "StressBot/protocol/PackedTemplate.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/ArgumentText.h"
#include "StressBot/protocol/Scalar.h"

namespace stressbot {
namespace {

using Storage = PackedShape::Storage;

std::byte* WriteLittle(std::uint64_t number, std::size_t bytes, std::byte* out) {
  for (std::size_t i = 0; i < bytes; ++i) *out++ = static_cast<std::byte>(number >> (8 * i));
  return out;
}

std::byte* WriteInOrder(std::uint64_t number, std::size_t bytes, bool big_endian, std::byte* out) {
  if (!big_endian) return WriteLittle(number, bytes, out);
  for (std::size_t i = bytes; i > 0; --i) *out++ = static_cast<std::byte>(number >> (8 * (i - 1)));
  return out;
}

}  // namespace

std::size_t PackedUnits(const PackedShape& shape, std::string_view utf8) {
  return shape.encoding == PackedShape::Encoding::kUtf16 ? servercore::Utf16Units(utf8)
                                                         : utf8.size();
}

std::byte* WritePackedText(const PackedShape& shape, std::string_view utf8, std::byte* out) {
  const std::size_t units = PackedUnits(shape, utf8);
  std::byte* end = nullptr;
  if (shape.storage == Storage::kFixed) {
    if (units > shape.fixed_count) return nullptr;
    end = std::fill_n(out, std::size_t{shape.fixed_count} * shape.unit_bytes, std::byte{0});
  } else if (shape.storage == Storage::kCounted) {
    const std::uint64_t counted = shape.counts_bytes ? units * shape.unit_bytes : units;
    if (counted >> (8U * shape.count_bytes) != 0) return nullptr;
    out = WriteInOrder(counted, shape.count_bytes, shape.big_endian, out);
  } else if (units > kOffsetMax) {
    return nullptr;
  }
  std::byte* text_end = out;
  if (shape.encoding == PackedShape::Encoding::kUtf16) {
    text_end = servercore::WriteUtf16(utf8, out);
  } else if (!utf8.empty()) {
    std::memcpy(out, utf8.data(), utf8.size());
    text_end = out + utf8.size();
  }
  return end == nullptr ? text_end : end;
}

PackedTemplate::PackedTemplate(std::vector<Part> parts) : parts_(std::move(parts)) {
  std::array<bool, kPlacesMax> marked{};
  for (const Part& part : parts_) {
    using Kind = Part::Kind;
    fixed_bytes_max_ += part.bytes.size();
    SC_ASSERT(part.place < kPlacesMax);
    if (part.kind == Kind::kMark) marked[part.place] = true;
    if (part.kind == Kind::kListHere || part.kind == Kind::kTextHere) {
      SC_ASSERT(marked[part.place]);
    }
    if (part.kind == Kind::kNumber) fixed_bytes_max_ += part.shape->unit_bytes;
    if (part.kind != Kind::kText && part.kind != Kind::kTextHere) continue;
    const PackedShape& shape = *part.shape;
    fixed_bytes_max_ += std::size_t{shape.fixed_count} * shape.unit_bytes + shape.count_bytes +
                        kNumberTextMax * shape.unit_bytes;
    for (unsigned i = 0; i < shape.unit_bytes; ++i) text_arguments_.push_back(part.argument);
  }
}

std::size_t PackedTemplate::BytesMax(std::span<const Value> arguments) const {
  std::size_t bytes = fixed_bytes_max_;
  for (const std::uint16_t argument : text_arguments_) {
    const auto* text = std::get_if<std::string>(&arguments[argument]);
    if (text != nullptr) bytes += text->size();
  }
  return bytes;
}

std::byte* PackedTemplate::Write(std::byte* packet, std::byte* at,
                                 std::span<const Value> arguments) const {
  std::array<std::byte*, kPlacesMax> places;
  for (const Part& part : parts_) {
    const auto offset = static_cast<std::size_t>(at - packet);
    switch (part.kind) {
      case Part::Kind::kBytes:
        at = std::copy(part.bytes.begin(), part.bytes.end(), at);
        break;
      case Part::Kind::kNumber: {
        std::uint64_t bits = 0;
        const Value& value = arguments[part.argument];
        if (EncodeNumber(part.shape->scalar, value, bits) == NumberFit::kNoNumber) return nullptr;
        at = WriteInOrder(bits, part.shape->unit_bytes, part.shape->big_endian, at);
        break;
      }
      case Part::Kind::kText: {
        const ArgumentText text(arguments[part.argument]);
        at = WritePackedText(*part.shape, text.view(), at);
        if (at == nullptr) return nullptr;
        break;
      }
      case Part::Kind::kMark:
        places[part.place] = at;
        break;
      case Part::Kind::kListHere:
        if (offset > kOffsetMax) return nullptr;
        WriteLittle(offset, 2, places[part.place]);
        break;
      case Part::Kind::kTextHere: {
        const ArgumentText text(arguments[part.argument]);
        if (text.view().empty()) break;  // offset and count stay 0
        std::byte* const end = WritePackedText(*part.shape, text.view(), at);
        if (end == nullptr || offset > kOffsetMax) return nullptr;
        WriteLittle(offset, 2, places[part.place]);
        const auto units = static_cast<std::size_t>(end - at) / part.shape->unit_bytes;
        WriteLittle(units, 2, places[part.place] + 2);
        at = end;
        break;
      }
    }
  }
  return at;
}

}  // namespace stressbot
