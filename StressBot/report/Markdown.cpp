#include "StressBot/report/Markdown.h"

#include "StressBot/report/Utf8.h"

namespace stressbot {

std::string MarkdownText(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]#|~";
  std::string escaped;
  for (const char letter : ToPrintable(text)) {
    if (const std::string_view entity = EntityOf(letter); !entity.empty()) {
      escaped += entity;
    } else {
      if (kSpecial.find(letter) != std::string_view::npos) escaped += '\\';
      escaped += letter;
    }
  }
  return escaped;
}

std::string MarkdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

}  // namespace stressbot
