#pragma once
#include <bit>
#include <cstdint>
#include <string_view>

/// Private to the protocol library.
namespace stressbot {

/// FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
constexpr std::uint32_t Fnv1a(std::string_view text) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash;
}

/// Which bits of a hash an id field of fewer bits takes.
enum class HashBits : std::uint8_t {
  kLow,
  kHigh,
  kFold  ///< low ones XOR those above them, as FNV's authors advise
};

/// REQUIRES id_max = 2^n - 1.
constexpr std::uint32_t IdOfHash(std::uint32_t hash, HashBits bits, std::uint32_t id_max) {
  const auto width = static_cast<int>(std::bit_width(id_max));
  if (width == 32) return hash;
  if (bits == HashBits::kHigh) return hash >> (32 - width);
  return (bits == HashBits::kFold ? hash ^ hash >> width : hash) & id_max;
}

}  // namespace stressbot
