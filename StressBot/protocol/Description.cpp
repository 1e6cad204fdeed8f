#include "StressBot/protocol/Description.h"

#include "ServerCore/packet/Unicode.h"
#include "StressBot/protocol/Hex.h"

namespace stressbot {
namespace {

constexpr std::size_t kHexBytesMax = 16;

}  // namespace

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty() && out.size() < kDescriptionMax) {
    const std::size_t bytes = servercore::Utf8CharacterBytes(text);
    const char first = text.front();
    if (bytes > 1) {
      out.append(text.substr(0, bytes));
    } else if (first == '"' || first == '\\') {
      (out += '\\') += first;
    } else if (first == '\n') {
      out += "\\n";
    } else if (bytes == 0 || first < ' ' || first == '\x7F') {
      AppendHex(static_cast<std::byte>(first), out += "\\x");
    } else {
      out += first;
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  out += '"';
}

std::string Shortened(std::string text) {
  if (text.size() <= kDescriptionMax) return text;
  std::size_t cut = kDescriptionMax;
  while ((static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // not within a character
  return text.substr(0, cut) + " ...";
}

std::string DescribeUndecodable(std::span<const std::byte> payload) {
  std::string text =
      "undecodable, " + std::to_string(payload.size()) + (payload.size() == 1 ? " byte" : " bytes");
  for (std::size_t i = 0; i < payload.size() && i < kHexBytesMax; ++i) {
    text += i == 0 ? ": " : " ";
    AppendHex(payload[i], text);
  }
  return payload.size() > kHexBytesMax ? text + " ..." : text;
}

}  // namespace stressbot
