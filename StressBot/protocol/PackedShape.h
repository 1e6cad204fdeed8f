#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/protocol/Field.h"

namespace stressbot {

/// What the fields of a packed packet look like on the wire, as its protocol file declares them.
/// Immutable; shared by all that is compiled from it.
struct PackedShape {
  enum class Kind : std::uint8_t { kNumber, kText, kList, kStruct };
  enum class Encoding : std::uint8_t { kChar, kUtf8, kUtf16 };  ///< kChar: bytes of any encoding
  enum class Storage : std::uint8_t {
    kFixed,    ///< here, always so many; a text ends at its first 0
    kCounted,  ///< here, behind their number
    kOffset    ///< elsewhere: here are u16 offset, from the packet's first byte, and u16 count
  };
  struct Member {
    std::string name;
    std::shared_ptr<const PackedShape> shape;
  };

  Kind kind = Kind::kNumber;
  FieldScalar scalar = FieldScalar::kInt64;  ///< kNumber: which; kText: kString; else kMessage
  std::uint8_t unit_bytes = 1;               ///< kNumber: its bytes; kText: of a character unit
  Encoding encoding = Encoding::kChar;       ///< kText
  Storage storage = Storage::kFixed;         ///< kText, kList
  std::uint32_t fixed_count = 0;             ///< kFixed: elements, or units of a text
  std::uint8_t count_bytes = 2;              ///< kCounted: of the number in front
  bool big_endian = false;                   ///< kNumber; kCounted: the number in front
  bool counts_bytes = false;                 ///< kCounted text: the number counts bytes, not units
  std::shared_ptr<const PackedShape> element;  ///< kList
  std::vector<Member> members;                 ///< kStruct
  std::string name;                            ///< kStruct: Player

  std::optional<std::size_t> inline_bytes;  ///< what lies here, when it is always as much
  std::size_t bytes_min = 0;                ///< what lies here at least
  bool has_offsets = false;                 ///< this or something in it lies elsewhere
  std::size_t depth = 0;                    ///< lists and structs in each other

  bool IsList() const { return kind == Kind::kList; }
  const Member* Find(std::string_view member) const;
};

inline constexpr std::size_t kOffsetBytes = 4;      ///< of a list that lies elsewhere
inline constexpr std::size_t kOffsetMax = 0xFFFF;   ///< of an offset and a count
inline constexpr std::size_t kPackedDepthMax = 16;  ///< lists and structs in each other
inline constexpr std::size_t kNowhere = ~std::size_t{0};

/// A packed payload that is being read. Trusts nothing: each step stays within the bytes.
class PackedPayload {
 public:
  /// `header_bytes` lie before the payload; offsets count them.
  PackedPayload(std::span<const std::byte> bytes, std::size_t header_bytes)
      : bytes_(bytes), header_bytes_(header_bytes) {}

  struct Elements {
    std::size_t at = 0;  ///< the first
    std::size_t count = 0;
  };
  /// The place behind what lies at `at`; kNowhere when the payload ends before.
  std::size_t Skip(const PackedShape& shape, std::size_t at) const;
  /// Where the elements of a list or the units of a text at `at` are. False when the payload breaks
  /// off. Units are all there; elements need not be.
  bool Find(const PackedShape& shape, std::size_t at, Elements& out) const;
  /// The element of a list; kNowhere when the payload breaks off. REQUIRES index < count.
  std::size_t ElementAt(const PackedShape& list, const Elements& elements, std::size_t index) const;
  /// A text's bytes; one of a fixed size ends at its first 0.
  std::span<const std::byte> TextOf(const PackedShape& text, const Elements& units) const;
  bool Has(std::size_t at, std::size_t bytes) const {
    return at <= bytes_.size() && bytes <= bytes_.size() - at;
  }
  /// REQUIRES Has(at, bytes).
  std::uint64_t Number(std::size_t at, std::size_t bytes, bool big_endian = false) const;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t header_bytes_;
};

/// Whether all of the payload fits the packet: it does not break off, lists that lie elsewhere lie
/// behind the fields and take no more bytes together than are there, texts are valid in their
/// encoding. Without lists that lie elsewhere nothing may follow the last field.
bool IsWellFormed(const PackedShape& packet, const PackedPayload& payload);

}  // namespace stressbot
