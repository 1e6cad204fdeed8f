#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stressbot {

inline std::string BigEndian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 255);
  return text;
}

using FontTables = std::vector<std::pair<std::string, std::string>>;  ///< name, content

/// `begins_at`: where in the file it is put.
inline std::string FontOf(const FontTables& tables, std::uint32_t begins_at = 0) {
  const auto count = static_cast<std::uint32_t>(tables.size());
  std::string font = BigEndian(0x00010000, 4) + BigEndian(count, 2) + std::string(6, '\0');
  std::string contents;
  for (const auto& [name, content] : tables) {
    const auto at = static_cast<std::uint32_t>(12 + 16 * count + contents.size());
    font += name + BigEndian(0, 4) + BigEndian(begins_at + at, 4) +
            BigEndian(static_cast<std::uint32_t>(content.size()), 4);
    contents += content;
  }
  return font + contents;
}

/// The shell of a font: the tables that there must be, eight bytes each, and nothing in them.
/// `begins_at`: where in the file it is put.
inline std::string SampleFont(std::uint32_t begins_at = 0) {
  FontTables tables;
  for (const char* name : {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"})
    tables.emplace_back(name, std::string(8, '\0'));
  return FontOf(tables, begins_at);
}

/// One that has only digits, of 1,000 units to its height: without outlines, and each next one
/// wider by 30 than the one before.
inline std::string DigitsFont() {
  constexpr std::uint32_t kDigits = 10,
                          kGlyphs = 1 + kDigits;  // the first is for all other letters
  std::string ids, widths;
  for (std::uint32_t glyph = 0; glyph < kGlyphs; ++glyph) {
    if (glyph > 0) ids += BigEndian(glyph, 2);
    widths += BigEndian(500 + 30 * glyph, 2) + BigEndian(0, 2);
  }
  const std::string letters = BigEndian(6, 2) + BigEndian(10 + 2 * kDigits, 2) + BigEndian(0, 2) +
                              BigEndian('0', 2) + BigEndian(kDigits, 2) + ids;
  std::string head(54, '\0'), hhea(36, '\0');
  head.replace(18, 2, BigEndian(1'000, 2));                             // units
  hhea.replace(4, 4, BigEndian(800, 2) + BigEndian(0x10000 - 200, 2));  // above, below the line
  hhea.replace(34, 2, BigEndian(kGlyphs, 2));
  return FontOf(
      {{"cmap", BigEndian(1, 4) + BigEndian(3, 2) + BigEndian(1, 2) + BigEndian(12, 4) + letters},
       {"glyf", std::string(8, '\0')},
       {"head", head},
       {"hhea", hhea},
       {"hmtx", widths},
       {"loca", std::string(2 * (kGlyphs + 1), '\0')},
       {"maxp", BigEndian(0x00010000, 4) + BigEndian(kGlyphs, 2)}});
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
