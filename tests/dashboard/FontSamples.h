#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

inline std::string BigEndian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 255);
  return text;
}

/// The shell of a font: the tables that there must be, eight bytes each, and nothing in them.
/// `begins_at`: where in the file it is put.
inline std::string SampleFont(std::uint32_t begins_at = 0) {
  const std::vector<std::string> tables{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"};
  const auto count = static_cast<std::uint32_t>(tables.size());
  std::string font = BigEndian(0x00010000, 4) + BigEndian(count, 2) + std::string(6, '\0');
  std::uint32_t at = begins_at + 12 + 16 * count;
  for (const std::string& table : tables) {
    font += table + BigEndian(0, 4) + BigEndian(at, 4) + BigEndian(8, 4);
    at += 8;
  }
  return font + std::string(8 * tables.size(), '\0');
}

/// A file of that many of them.
inline std::string SampleCollection(std::uint32_t faces) {
  std::string file = "ttcf" + BigEndian(0x00010000, 4) + BigEndian(faces, 4);
  const std::uint32_t head = 12 + 4 * faces;
  const auto size = static_cast<std::uint32_t>(SampleFont().size());
  for (std::uint32_t i = 0; i < faces; ++i) file += BigEndian(head + i * size, 4);
  for (std::uint32_t i = 0; i < faces; ++i) file += SampleFont(head + i * size);
  return file;
}

}  // namespace stressbot
