#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

enum class Align : unsigned char { kLeft, kRight };

/// Rows of text whose columns line up on a terminal, whatever script they are in.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// As many cells as there are columns.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  /// Every row on a line of its own, columns three spaces apart, without blanks at the ends.
  std::string Format(std::string_view indent) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// `text` with blanks on its right (left) up to that many columns.
std::string PadRight(std::string_view text, std::size_t columns);
std::string PadLeft(std::string_view text, std::size_t columns);

}  // namespace stressbot
