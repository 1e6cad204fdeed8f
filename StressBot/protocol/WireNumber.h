#pragma once
#include <cstddef>
#include <cstdint>

/// A number of 1, 2 or 4 bytes in a header or trailer. Private to the protocol library.
namespace stressbot {

inline std::uint32_t LoadWireNumber(const std::byte* from, std::size_t bytes, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t at = big_endian ? bytes - 1 - i : i;
    value |= std::to_integer<std::uint32_t>(from[at]) << (8 * i);
  }
  return value;
}

/// Of a value that is too large for it, the lower bytes.
inline void StoreWireNumber(std::byte* to, std::size_t bytes, bool big_endian,
                            std::uint32_t value) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t at = big_endian ? bytes - 1 - i : i;
    to[at] = static_cast<std::byte>(value >> (8 * i));
  }
}

}  // namespace stressbot
