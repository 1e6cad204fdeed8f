#include "StressBot/cli/HexText.h"

#include <fmt/format.h>

#include <algorithm>

namespace stressbot {

std::string HexText(std::span<const std::byte> bytes) {
  constexpr std::size_t kShown = 32;
  std::string text;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), kShown)))
    text += fmt::format("{}{:02x}", text.empty() ? "" : " ", std::to_integer<unsigned>(byte));
  return bytes.size() > kShown ? fmt::format("{} ... ({} bytes)", text, bytes.size()) : text;
}

}  // namespace stressbot
