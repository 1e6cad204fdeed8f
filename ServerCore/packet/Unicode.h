#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Text of packets: checked when it comes from a peer, turned from one encoding into the other.
/// UTF-16 is little-endian bytes at any address, as it lies in packets.
/// Source: Unicode 15, tables 3-5 and 3-7.
namespace servercore {

/// Bytes of the UTF-8 character at the front; 0 when there is none that is valid: no overlong
/// forms, no surrogates, nothing above U+10FFFF. REQUIRES !text.empty().
std::size_t Utf8CharacterBytes(std::string_view text) noexcept;
bool IsUtf8(std::string_view text) noexcept;
/// Whether each surrogate has its other half, and the last unit is whole.
bool IsUtf16(std::span<const std::byte> bytes) noexcept;

/// A character in UTF-8: at most 4 bytes.
struct Utf8Character {
  char bytes[4];
  std::size_t size = 0;
  std::string_view view() const { return {bytes, size}; }
};
/// Takes the character at the front away. A surrogate without its other half becomes U+FFFD; a last
/// byte without its other half is dropped with no character (size 0). REQUIRES !bytes.empty().
Utf8Character TakeUtf16Character(std::span<const std::byte>& bytes) noexcept;
void AppendUtf16AsUtf8(std::span<const std::byte> bytes, std::string& out);

/// Units of 16 bits that WriteUtf16 writes.
std::size_t Utf16Units(std::string_view utf8) noexcept;
/// A byte that is not part of valid UTF-8 becomes U+FFFD. Returns the place behind the text.
/// REQUIRES room for 2 * Utf16Units(utf8) bytes.
std::byte* WriteUtf16(std::string_view utf8, std::byte* out) noexcept;

}  // namespace servercore
