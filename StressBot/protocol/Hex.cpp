#include "StressBot/protocol/Hex.h"

#include <optional>

namespace stressbot {
namespace {

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Takes one byte after another from a text.
class HexReader {
 public:
  explicit HexReader(std::string_view text) : text_(text) {}

  /// nullopt at the end and at what is no pair of digits.
  std::optional<std::byte> Next() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
    if (text_.size() < 2) return std::nullopt;
    const int high = DigitOf(text_[0]);
    const int low = DigitOf(text_[1]);
    if (high < 0 || low < 0) return std::nullopt;
    text_.remove_prefix(2);
    return static_cast<std::byte>(high * 16 + low);
  }
  /// Whether all was read. REQUIRES that Next returned nullopt.
  bool IsAtEnd() const { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace

bool IsHex(std::string_view text) {
  HexReader reader(text);
  while (reader.Next()) {
  }
  return reader.IsAtEnd();
}

void AppendHex(std::byte byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += kDigits[std::to_integer<std::size_t>(byte) >> 4U];
  out += kDigits[std::to_integer<std::size_t>(byte) & 15U];
}

void AppendHex(std::span<const std::byte> bytes, std::string& out) {
  for (const std::byte byte : bytes) AppendHex(byte, out);
}

std::byte* WriteHex(std::string_view text, std::byte* out) {
  HexReader reader(text);
  while (const auto byte = reader.Next()) *out++ = *byte;
  return reader.IsAtEnd() ? out : nullptr;
}

int CompareHex(std::span<const std::byte> bytes, std::string_view text) {
  HexReader reader(text);
  int order = 0;
  std::size_t at = 0;
  while (const auto byte = reader.Next()) {
    if (order != 0) continue;  // the rest must be hex all the same
    if (at == bytes.size() || bytes[at] < *byte) {
      order = -1;
    } else if (bytes[at] > *byte) {
      order = 1;
    }
    ++at;
  }
  if (!reader.IsAtEnd()) return 2;
  if (order == 0 && at < bytes.size()) return 1;
  return order;
}

}  // namespace stressbot
