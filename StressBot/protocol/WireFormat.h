#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

/// Protobuf's wire format, read and written in place. Private to the protocol library.
/// Source: https://protobuf.dev/programming-guides/encoding/
namespace stressbot::wire {

enum class Type : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kBeginGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5
};

inline constexpr std::size_t kVarintBytesMax = 10;
inline constexpr std::size_t kLengthBytesMax = 5;
inline constexpr std::uint32_t kFieldNumberMax = (1U << 29U) - 1;

/// One field as it lies in a message.
struct Field {
  std::uint32_t number = 0;
  Type type = Type::kVarint;
  std::uint64_t bits = 0;              ///< of a varint or a fixed number
  std::span<const std::byte> bytes{};  ///< of kBytes
};

/// Goes over the fields of one message. Trusts nothing: after Next gave false, malformed() tells
/// whether the message ended there or broke.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> payload)
      : at_(payload.data()), end_(payload.data() + payload.size()) {}

  /// The next field; groups (an old way to nest that nobody writes any more) are skipped.
  bool Next(Field& field) noexcept {
    while (at_ != end_) {
      if (!ReadTag(field)) return Fail();
      if (field.type != Type::kBeginGroup) return ReadContent(field) || Fail();
      if (!SkipGroup(field.number)) return Fail();
    }
    return false;
  }
  bool malformed() const noexcept { return malformed_; }

  /// For packed lists: bare numbers one after the other. False at the end, or broken.
  bool NextPacked(Type type, std::uint64_t& bits) noexcept {
    if (at_ == end_) return false;
    return ReadNumber(type, bits) || Fail();
  }

 private:
  bool Fail() noexcept {
    malformed_ = true;
    return false;
  }

  bool ReadVarint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 7 * kVarintBytesMax; shift += 7) {
      if (at_ == end_) return false;
      const auto byte = std::to_integer<std::uint64_t>(*at_++);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80U) return true;
    }
    return false;
  }

  template <typename Number>
  bool ReadFixed(std::uint64_t& bits) noexcept {
    if (static_cast<std::size_t>(end_ - at_) < sizeof(Number)) return false;
    bits = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      bits |= std::to_integer<std::uint64_t>(at_[i]) << (8 * i);
    }
    at_ += sizeof(Number);
    return true;
  }

  bool ReadNumber(Type type, std::uint64_t& bits) noexcept {
    if (type == Type::kVarint) return ReadVarint(bits);
    if (type == Type::kFixed32) return ReadFixed<std::uint32_t>(bits);
    return ReadFixed<std::uint64_t>(bits);
  }

  bool ReadTag(Field& field) noexcept {
    std::uint64_t tag = 0;
    if (!ReadVarint(tag) || tag >> 3U == 0 || tag >> 3U > kFieldNumberMax) return false;
    field.number = static_cast<std::uint32_t>(tag >> 3U);
    field.type = static_cast<Type>(tag & 7U);
    return (tag & 7U) <= 5;
  }

  bool ReadContent(Field& field) noexcept {
    if (field.type == Type::kEndGroup) return false;  // one that nobody began
    if (field.type != Type::kBytes) return ReadNumber(field.type, field.bits);
    std::uint64_t length = 0;
    if (!ReadVarint(length) || length > static_cast<std::size_t>(end_ - at_)) return false;
    field.bytes = {at_, static_cast<std::size_t>(length)};
    at_ += length;
    return true;
  }

  /// A list of open groups instead of recursion: a peer decides how deep they go.
  bool SkipGroup(std::uint32_t number) noexcept {
    std::array<std::uint32_t, 32> open;
    std::size_t depth = 0;
    open[depth++] = number;
    Field field;
    while (depth > 0) {
      if (!ReadTag(field)) return false;
      if (field.type == Type::kBeginGroup) {
        if (depth == open.size()) return false;
        open[depth++] = field.number;
      } else if (field.type == Type::kEndGroup) {
        if (open[--depth] != field.number) return false;
      } else if (!ReadContent(field)) {
        return false;
      }
    }
    return true;
  }

  const std::byte* at_;
  const std::byte* end_;
  bool malformed_ = false;
};

constexpr std::uint64_t MakeTag(std::uint32_t number, Type type) {
  return std::uint64_t{number} << 3U | static_cast<std::uint64_t>(type);
}

/// Writes one to ten bytes and returns the place behind them.
inline std::byte* WriteVarint(std::uint64_t value, std::byte* out) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<std::byte>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  *out++ = static_cast<std::byte>(value);
  return out;
}

inline std::size_t VarintBytes(std::uint64_t value) noexcept {
  std::size_t bytes = 1;
  while (value >>= 7U) ++bytes;
  return bytes;
}

}  // namespace stressbot::wire
