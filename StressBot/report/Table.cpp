#include "StressBot/report/Table.h"

#include <algorithm>

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

constexpr std::string_view kGap = "   ";

std::string Blanks(std::string_view text, std::size_t columns) {
  const std::size_t width = DisplayWidth(text);
  return std::string(columns > width ? columns - width : 0, ' ');
}

std::string WithoutTrailingBlanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string PadRight(std::string_view text, std::size_t columns) {
  return std::string(text) + Blanks(text, columns);
}

std::string PadLeft(std::string_view text, std::size_t columns) {
  return Blanks(text, columns) + std::string(text);
}

std::string Table::Format(std::string_view indent) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) line += kGap;
      line +=
          columns_[i] == Align::kLeft ? PadRight(row[i], widths[i]) : PadLeft(row[i], widths[i]);
    }
    text += WithoutTrailingBlanks(std::move(line)) + "\n";
  }
  return text;
}

}  // namespace stressbot
