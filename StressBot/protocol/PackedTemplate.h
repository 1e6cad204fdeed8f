#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "StressBot/protocol/PackedShape.h"
#include "StressBot/protocol/Value.h"

namespace stressbot {

/// A packed payload to send: constant bytes, places for arguments, and offsets that are filled in
/// when what they lead to is written.
/// Immutable; safe on any thread.
class PackedTemplate {
 public:
  struct Part {
    enum class Kind : std::uint8_t {
      kBytes,
      kNumber,    ///< an argument in shape->unit_bytes
      kText,      ///< an argument, with its count or padding as `shape` has it
      kMark,      ///< the next bytes are the {offset, count} number `place`; writes nothing
      kListHere,  ///< offset `place` leads here; its count was written with it
      kTextHere   ///< offset `place` leads here, to an argument; count and text are written
    };
    Kind kind = Kind::kBytes;
    std::vector<std::byte> bytes{};  ///< kBytes
    std::uint16_t argument = 0;      ///< index
    std::uint16_t place = 0;
    std::shared_ptr<const PackedShape> shape{};  ///< of the argument
  };
  static constexpr std::size_t kPlacesMax = 256;

  /// REQUIRES that each place is below kPlacesMax and marked before something lies there.
  explicit PackedTemplate(std::vector<Part> parts);

  /// An upper bound of what Write writes.
  std::size_t BytesMax(std::span<const Value> arguments) const;
  /// Returns the place behind the payload; nullptr when a number field got text that is no number,
  /// when a text is too long for its place, or when an offset does not reach.
  /// `packet` is where offsets count from.
  std::byte* Write(std::byte* packet, std::byte* at, std::span<const Value> arguments) const;

 private:
  std::vector<Part> parts_;
  std::size_t fixed_bytes_max_ = 0;  ///< all but the texts of arguments
  std::vector<std::uint16_t> text_arguments_;
};

/// The text as `shape` has it at this place: padded, or with its count in front; the bare text when
/// it lies elsewhere. nullptr when it is too long.
/// REQUIRES room for fixed_count units, or the count's bytes and 2 bytes for each of `utf8`.
std::byte* WritePackedText(const PackedShape& shape, std::string_view utf8, std::byte* out);
/// Units of the text in the shape's encoding.
std::size_t PackedUnits(const PackedShape& shape, std::string_view utf8);

}  // namespace stressbot
