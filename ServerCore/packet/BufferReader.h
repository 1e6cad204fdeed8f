#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "ServerCore/packet/PackedLayout.h"
#include "ServerCore/packet/PacketFraming.h"
#include "ServerCore/packet/Unicode.h"

namespace servercore {

/// What is wrong with a packed packet.
enum class PackedError : std::uint8_t {
  kNone,
  kTooShort,     ///< for its fixed part
  kListOutside,  ///< begins within the fixed part or ends behind the packet
  kListOverlap,  ///< lists name more bytes than the packet has, so some lie in each other
  kNesting,      ///< lists in lists, deeper than kPackedNestingMax
  kBadUtf8,
  kBadUtf16,  ///< a surrogate without its other half
};

/// Only a struct with a list of itself can go deeper, and then a peer decides how deep.
inline constexpr std::size_t kPackedNestingMax = 16;

namespace packed {

/// One walk over all lists of a packet. Each takes its bytes from those behind the fixed part. So
/// the work is bounded by the packet's size: many elements cannot all name the same long list.
class Validator {
 public:
  /// REQUIRES fixed_end <= packet.size(). Lists lie behind it.
  Validator(std::span<const std::byte> packet, std::size_t fixed_end) noexcept
      : packet_(packet), fixed_end_(fixed_end), unclaimed_(packet.size() - fixed_end) {}

  template <PackedStruct T>
  PackedError CheckStruct(const T& fixed) noexcept {
    return WithMembers(fixed, [this](const auto&... members) {
      PackedError error = PackedError::kNone;
      static_cast<void>((((error = this->Check(members)) == PackedError::kNone) && ...));
      return error;
    });
  }

 private:
  template <typename T>
  PackedError Check(const Packed<T>&) noexcept {
    return PackedError::kNone;
  }
  PackedError Check(const PackedString& text) noexcept {
    std::span<const std::byte> bytes;
    if (!Claim(text, 1, bytes)) return error_;
    return IsUtf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()})
               ? PackedError::kNone
               : PackedError::kBadUtf8;
  }
  PackedError Check(const PackedString16& text) noexcept {
    std::span<const std::byte> bytes;
    if (!Claim(text, 2, bytes)) return error_;
    return IsUtf16(bytes) ? PackedError::kNone : PackedError::kBadUtf16;
  }
  template <typename T>
  PackedError Check(const PackedList<T>& list) noexcept {
    using Element = typename PackedList<T>::Element;
    std::span<const std::byte> bytes;
    if (!Claim(list, sizeof(Element), bytes)) return error_;
    if (bytes.empty()) return PackedError::kNone;
    if constexpr (std::is_same_v<Element, T>) {  // structs; numbers need no look
      if (depth_ == kPackedNestingMax) return PackedError::kNesting;
      ++depth_;
      const auto* elements = reinterpret_cast<const Element*>(bytes.data());
      for (const Element& element : std::span(elements, list.count)) {
        if (const PackedError error = Check(element); error != PackedError::kNone) {
          return error;
        }
      }
      --depth_;
    }
    return PackedError::kNone;
  }
  template <PackedStruct T>
  requires(!std::is_base_of_v<PackedPlace, T>) PackedError Check(const T& nested)
  noexcept { return CheckStruct(nested); }

  /// False with error_ when the packet has no such bytes.
  bool Claim(const PackedPlace& place, std::size_t element_bytes,
             std::span<const std::byte>& claimed) noexcept {
    const std::size_t bytes = std::size_t{place.count} * element_bytes;  // both below 2^16
    if (bytes == 0) return true;
    if (place.offset < fixed_end_ || place.offset + bytes > packet_.size()) {
      error_ = PackedError::kListOutside;
      return false;
    }
    if (bytes > unclaimed_) {
      error_ = PackedError::kListOverlap;
      return false;
    }
    unclaimed_ -= bytes;
    claimed = packet_.subspan(place.offset, bytes);
    return true;
  }

  std::span<const std::byte> packet_;
  std::size_t fixed_end_;
  std::size_t unclaimed_;
  std::size_t depth_ = 0;
  PackedError error_ = PackedError::kNone;
};

}  // namespace packed

/// Checks a whole packet, header included: each list lies behind the fixed part and within the
/// packet, texts are valid in their encoding, nothing nests without end.
template <PackedStruct T>
PackedError Validate(std::span<const std::byte> packet) noexcept {
  constexpr std::size_t kFixedEnd = sizeof(PacketHeader) + sizeof(T);
  if (packet.size() < kFixedEnd) return PackedError::kTooShort;
  const auto* fixed = reinterpret_cast<const T*>(packet.data() + sizeof(PacketHeader));
  return packed::Validator(packet, kFixedEnd).CheckStruct(*fixed);
}

/// Reads a packed packet in place. Everything is checked once, when the reader is made; afterwards
/// nothing is. Views into the packet live as long as its bytes.
///
///     const BufferReader<PKT_S_TEST> test(packet.bytes);
///     if (!test) return Refuse(test.error());
///     for (const auto& buff : test.List(test->buffs)) Use(buff.id, test.List(buff.victims));
template <PackedStruct T>
class BufferReader {
 public:
  /// `packet` with its header.
  explicit BufferReader(std::span<const std::byte> packet) noexcept
      : packet_(packet.data()), error_(Validate<T>(packet)) {}

  explicit operator bool() const noexcept { return error_ == PackedError::kNone; }
  PackedError error() const noexcept { return error_; }

  // REQUIRES for all of these: the packet is sound, and the argument lies in it.
  const T& operator*() const noexcept { return *At<T>(sizeof(PacketHeader)); }
  const T* operator->() const noexcept { return &**this; }
  template <typename E>
  PacketList<const typename PackedList<E>::Element> List(const PackedList<E>& list) const noexcept {
    if (list.count == 0) return {};  // its offset may be anything
    return {At<typename PackedList<E>::Element>(list.offset), list.count};
  }
  std::string_view Text(const PackedString& text) const noexcept {
    if (text.count == 0) return {};
    return {At<char>(text.offset), text.count};
  }
  std::string Text(const PackedString16& text) const {  ///< as UTF-8
    std::string utf8;
    if (text.count > 0) AppendUtf16AsUtf8({packet_ + text.offset, 2U * text.count}, utf8);
    return utf8;
  }

 private:
  template <typename E>
  const E* At(std::size_t offset) const noexcept {
    return reinterpret_cast<const E*>(packet_ + offset);
  }

  const std::byte* packet_;
  PackedError error_;
};

}  // namespace servercore
