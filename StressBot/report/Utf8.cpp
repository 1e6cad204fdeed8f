#include "StressBot/report/Utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace stressbot {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

std::size_t LengthOf(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// Refuses overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629).
bool IsScalar(char32_t value, std::size_t bytes) {
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  return value >= kLeast[bytes] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

CodePoint FirstOf(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = LengthOf(lead);
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {lead, 1, true};
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return {};
    value = (value << 6U) | (next & 0x3FU);
  }
  if (!IsScalar(value, length)) return {};
  return {value, length, true};
}

struct Range {
  char32_t from, to;
};

template <std::size_t N>
bool IsIn(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(), [value](const Range& range) {
    return value >= range.from && value <= range.to;
  });
}

/// The wide and full-width blocks of Unicode's East Asian Width, emoji included.
bool IsWide(char32_t value) {
  constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                        {0x2E80, 0xA4CF},
                                        {0xA960, 0xA97C},
                                        {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},
                                        {0xFE30, 0xFE6F},
                                        {0xFF00, 0xFF60},
                                        {0xFFE0, 0xFFE6},
                                        {0x1F300, 0x3FFFD}}};
  return IsIn(kWide, value);
}

bool IsZeroWidth(char32_t value) {
  constexpr std::array<Range, 5> kZero{
      {{0x0300, 0x036F}, {0x1160, 0x11FF}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}}};
  return IsIn(kZero, value);
}

/// Control characters, and those that reorder a line (a terminal would obey them).
bool IsUnprintable(char32_t value) {
  constexpr std::array<Range, 5> kControls{
      {{0x00, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}}};
  return IsIn(kControls, value);
}

/// What XML 1.0 cannot hold, not even escaped.
bool IsBeyondXml(char32_t value) {
  constexpr std::array<Range, 4> kBeyond{
      {{0x00, 0x08}, {0x0B, 0x0C}, {0x0E, 0x1F}, {0xFFFE, 0xFFFF}}};
  return IsIn(kBeyond, value);
}

template <typename Wanted>
std::string Filter(std::string_view text, Wanted&& wanted) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const CodePoint first = FirstOf(text);
    clean += first.valid && wanted(first.value) ? text.substr(0, first.bytes) : kReplacement;
    text.remove_prefix(first.bytes);
  }
  return clean;
}

}  // namespace

std::string ToValidUtf8(std::string_view text) {
  return Filter(text, [](char32_t) { return true; });
}

std::string ToPrintable(std::string_view text) {
  std::string spaces(text);
  std::replace(spaces.begin(), spaces.end(), '\t', ' ');
  return Filter(spaces, [](char32_t value) { return !IsUnprintable(value); });
}

std::string_view EntityOf(char letter) {
  switch (letter) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    default:
      return {};
  }
}

std::string ToXmlCharacters(std::string_view text) {
  return Filter(text, [](char32_t value) { return !IsBeyondXml(value); });
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const CodePoint first = FirstOf(text);
    if (!IsZeroWidth(first.value)) columns += IsWide(first.value) ? 2U : 1U;
    text.remove_prefix(first.bytes);
  }
  return columns;
}

}  // namespace stressbot
