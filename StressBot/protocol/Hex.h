#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace stressbot {

/// Whether the text is bytes as pairs of hex digits; blanks may stand between pairs.
bool IsHex(std::string_view text);

/// "0a", in lower case.
void AppendHex(std::byte byte, std::string& out);
void AppendHex(std::span<const std::byte> bytes, std::string& out);
/// Writes the bytes and returns the place behind them; nullptr when the text is no hex.
/// REQUIRES room for half as many bytes as the text has characters.
std::byte* WriteHex(std::string_view text, std::byte* out);
/// -1, 0, 1, byte by byte; 2 when the text is no hex. Does not allocate.
int CompareHex(std::span<const std::byte> bytes, std::string_view text);

}  // namespace stressbot
