#include "ServerCore/packet/Unicode.h"

#include <cstdint>
#include <cstring>

namespace servercore {

namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kFirstBeyond16Bits = 0x10000;

std::uint32_t UnitAt(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint32_t>(bytes[at]) | std::to_integer<std::uint32_t>(bytes[at + 1])
                                                         << 8U;
}

bool IsHighSurrogate(std::uint32_t unit) { return unit >> 10U == 0xD800U >> 10U; }
bool IsLowSurrogate(std::uint32_t unit) { return unit >> 10U == 0xDC00U >> 10U; }

/// The character at the front and its bytes; 0 bytes when a surrogate is alone.
std::size_t ReadUtf16(std::span<const std::byte> bytes, char32_t& character) {
  const std::uint32_t unit = UnitAt(bytes, 0);
  character = unit;
  if (IsLowSurrogate(unit)) return 0;
  if (!IsHighSurrogate(unit)) return 2;
  if (bytes.size() < 4 || !IsLowSurrogate(UnitAt(bytes, 2))) return 0;
  character = kFirstBeyond16Bits + ((unit & 0x3FFU) << 10U) + (UnitAt(bytes, 2) & 0x3FFU);
  return 4;
}

Utf8Character EncodeUtf8(char32_t character) {
  Utf8Character utf8{};
  const auto add = [&utf8](char32_t byte) { utf8.bytes[utf8.size++] = static_cast<char>(byte); };
  const auto continuation = [&](unsigned shift) { add(0x80U | (character >> shift & 0x3FU)); };
  if (character < 0x80U) {
    add(character);
  } else if (character < 0x800U) {
    add(0xC0U | character >> 6U);
    continuation(0);
  } else if (character < kFirstBeyond16Bits) {
    add(0xE0U | character >> 12U);
    continuation(6);
    continuation(0);
  } else {
    add(0xF0U | character >> 18U);
    continuation(12);
    continuation(6);
    continuation(0);
  }
  return utf8;
}

/// Takes the character at the front away.
char32_t TakeUtf8(std::string_view& text) {
  const std::size_t bytes = Utf8CharacterBytes(text);
  const auto at = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  constexpr char32_t kFirstByteMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t character = bytes == 0 ? kReplacement : at(0) & kFirstByteMask[bytes];
  for (std::size_t i = 1; i < bytes; ++i) character = character << 6U | (at(i) & 0x3FU);
  text.remove_prefix(bytes == 0 ? 1 : bytes);
  return character;
}

}  // namespace

std::size_t Utf8CharacterBytes(std::string_view text) noexcept {
  const auto at = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const std::size_t bytes = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (bytes == 0 || first > 0xF4 || text.size() < bytes) return 0;
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < least || at(1) > most) return 0;
  for (std::size_t i = 2; i < bytes; ++i) {
    if (at(i) < 0x80 || at(i) > 0xBF) return 0;
  }
  return bytes;
}

bool IsUtf8(std::string_view text) noexcept {
  while (!text.empty()) {
    std::uint64_t eight = 0;
    if (text.size() >= sizeof eight) {  // most text is ASCII: eight characters at a time
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

bool IsUtf16(std::span<const std::byte> bytes) noexcept {
  while (bytes.size() >= 2) {
    char32_t character = 0;
    const std::size_t read = ReadUtf16(bytes, character);
    if (read == 0) return false;
    bytes = bytes.subspan(read);
  }
  return bytes.empty();
}

Utf8Character TakeUtf16Character(std::span<const std::byte>& bytes) noexcept {
  if (bytes.size() < 2) {
    bytes = {};
    return {};
  }
  char32_t character = 0;
  const std::size_t read = ReadUtf16(bytes, character);
  bytes = bytes.subspan(read == 0 ? 2 : read);
  return EncodeUtf8(read == 0 ? kReplacement : character);
}

void AppendUtf16AsUtf8(std::span<const std::byte> bytes, std::string& out) {
  while (!bytes.empty()) out += TakeUtf16Character(bytes).view();
}

std::size_t Utf16Units(std::string_view utf8) noexcept {
  std::size_t units = 0;
  while (!utf8.empty()) units += TakeUtf8(utf8) < kFirstBeyond16Bits ? 1U : 2U;
  return units;
}

std::byte* WriteUtf16(std::string_view utf8, std::byte* out) noexcept {
  const auto write = [&out](char32_t unit) {
    *out++ = static_cast<std::byte>(unit & 0xFFU);
    *out++ = static_cast<std::byte>(unit >> 8U);
  };
  while (!utf8.empty()) {
    const char32_t character = TakeUtf8(utf8);
    if (character < kFirstBeyond16Bits) {
      write(character);
    } else {
      write(0xD800U | (character - kFirstBeyond16Bits) >> 10U);
      write(0xDC00U | (character & 0x3FFU));
    }
  }
  return out;
}

}  // namespace servercore
