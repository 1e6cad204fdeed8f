#pragma once
#include <string>
#include <string_view>
#include <vector>

/// GitHub's Markdown.
namespace stressbot {

/// One line that looks as it is written, whatever it holds.
std::string MarkdownText(std::string_view text);

/// A row of a table, with a line break. Cells are Markdown already.
std::string MarkdownRow(const std::vector<std::string>& cells);

}  // namespace stressbot
