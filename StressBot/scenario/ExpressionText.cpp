#include "StressBot/scenario/ExpressionText.h"

#include <nlohmann/json.hpp>

namespace stressbot {

std::optional<std::vector<TextPiece>> SplitText(std::string_view text) {
  std::vector<TextPiece> pieces;
  while (!text.empty()) {
    const std::size_t begin = text.find("${");
    if (begin > 0) pieces.push_back({false, std::string(text.substr(0, begin))});
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find('}', begin);
    if (end == std::string_view::npos || end == begin + 2) return std::nullopt;
    pieces.push_back({true, std::string(text.substr(begin + 2, end - begin - 2))});
    text.remove_prefix(end + 1);
  }
  return pieces;
}

Value LiteralFromText(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
    return json.get<std::uint64_t>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  return text;
}

}  // namespace stressbot
