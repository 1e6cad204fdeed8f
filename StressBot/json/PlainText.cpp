#include "StressBot/json/PlainText.h"

#include <cstdint>

namespace stressbot {
namespace {

std::uint8_t Byte(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

/// The bytes of the character at the beginning; 0 when it is none. Surrogates, overlong forms and
/// what lies beyond Unicode are none.
std::size_t CharacterBytes(std::string_view text) {
  const std::uint8_t lead = Byte(text, 0);
  if (lead < 0x80) return 1;
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((Byte(text, i) & 0xc0) != 0x80) return 0;
  }
  const std::uint8_t second = Byte(text, 1);
  const bool is_character = (lead != 0xe0 || second >= 0xa0) && (lead != 0xed || second < 0xa0) &&
                            (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second < 0x90);
  return is_character ? bytes : 0;
}

}  // namespace

std::size_t Utf8End(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t bytes = CharacterBytes(text.substr(at));
    if (bytes == 0) break;
    at += bytes;
  }
  return at;
}

std::string Printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const std::size_t bytes = CharacterBytes(text);
    const std::uint8_t first = Byte(text, 0);
    // U+0080 to U+009F are control characters too.
    const bool is_control =
        first < 0x20 || first == 0x7f || (bytes == 2 && first == 0xc2 && Byte(text, 1) < 0xa0);
    if (bytes == 0 || is_control) {
      printable.append("\\x").append(1, kDigits[first >> 4]).append(1, kDigits[first & 15]);
      text.remove_prefix(1);
    } else {
      printable.append(text.substr(0, bytes));
      text.remove_prefix(bytes);
    }
  }
  return printable;
}

}  // namespace stressbot
