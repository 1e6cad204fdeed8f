#include <algorithm>
#include <optional>
#include <utility>

#include "ServerCore/packet/Unicode.h"
#include "StressBot/scenario/ExpressionText.h"
#include "StressBot/scenario/FeedTableReader.h"

namespace stressbot {
namespace {

struct Cell {
  std::string text;
  bool quoted = false;
};

/// Takes a CSV text apart, record by record.
class CsvCursor {
 public:
  explicit CsvCursor(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  int line() const { return line_; }  ///< of what comes next
  const std::string& mistake() const { return mistake_; }

  /// The cells of the next record; nullopt after a mistake. One empty unquoted cell: an empty line.
  std::optional<std::vector<Cell>> Take() {
    std::vector<Cell> cells;
    while (true) {
      Cell& cell = cells.emplace_back();
      const bool is_right = rest_.starts_with('"') ? TakeQuoted(cell) : TakePlain(cell);
      if (!is_right) return std::nullopt;
      if (rest_.starts_with(',')) {
        rest_.remove_prefix(1);
        continue;
      }
      TakeLineEnd();
      return cells;
    }
  }

 private:
  bool TakePlain(Cell& cell) {
    const std::size_t end = std::min(rest_.find_first_of(",\"\r\n"), rest_.size());
    cell.text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.starts_with('"'))
      return Fail("has a quote inside a field; put the whole field in quotes and double it");
    if (rest_.starts_with('\r') && !rest_.starts_with("\r\n"))
      return Fail("has a carriage return that ends no line");
    return true;
  }

  bool TakeQuoted(Cell& cell) {
    cell.quoted = true;
    const int begin = line_;
    rest_.remove_prefix(1);
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        line_ = begin;
        return Fail("has a quote that is never closed");
      }
      cell.text += rest_.substr(0, quote);
      line_ += static_cast<int>(
          std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(quote), '\n'));
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) break;
      cell.text += '"';
      rest_.remove_prefix(1);
    }
    const bool ends = rest_.empty() || rest_.starts_with(',') || rest_.starts_with('\n') ||
                      rest_.starts_with("\r\n");
    return ends || Fail("has something behind the quote that closes a field");
  }

  void TakeLineEnd() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++line_;
  }

  bool Fail(std::string what) {
    mistake_ = std::move(what);
    return false;
  }

  std::string_view rest_;
  int line_ = 1;
  std::string mistake_;
};

/// "007" and "1e5" are names that must not become 7 and 100000.
Value ValueOfCell(Cell cell) {
  if (!cell.quoted) {
    Value value = LiteralFromText(cell.text);
    if (!std::holds_alternative<std::string>(value) && ToText(value) == cell.text) return value;
  }
  return std::move(cell.text);
}

bool IsEmptyLine(const std::vector<Cell>& cells) {
  return cells.size() == 1 && cells[0].text.empty() && !cells[0].quoted;
}

/// What is wrong with these names; empty when nothing is.
std::string MistakeInColumns(const std::vector<std::string>& names) {
  if (names.size() > kFeedColumnsMax)
    return "has more than " + std::to_string(kFeedColumnsMax) + " columns";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty())
      return "names no column " + std::to_string(i + 1) + "; the first line holds their names";
    if (names[i].find('}') != std::string::npos)
      return "has a \"}\" in the name \"" + names[i] + "\", so that no ${...} could name it";
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      return "has two columns \"" + names[i] + "\"";
  }
  return {};
}

}  // namespace

std::shared_ptr<const FeedTable> ReadCsv(std::string_view text, const std::string& file,
                                         Diagnostics& errors) {
  constexpr std::size_t kMistakesMax = 10;
  text = WithoutByteOrderMark(text);
  std::size_t mistakes = 0;
  const auto complain = [&](int line, std::string what) {
    errors.Add({file, line, "", std::move(what)});
    return ++mistakes < kMistakesMax;
  };
  auto table = std::make_shared<FeedTable>();
  CsvCursor cursor(text);
  bool has_header = false;
  while (!cursor.AtEnd()) {
    const int line = cursor.line();
    auto cells = cursor.Take();
    if (!cells) {  // where the next record begins is anybody's guess
      complain(cursor.line(), cursor.mistake());
      break;
    }
    if (IsEmptyLine(*cells)) continue;
    const bool is_utf8 = std::all_of(cells->begin(), cells->end(), [](const Cell& cell) {
      return servercore::IsUtf8(cell.text);
    });
    if (!is_utf8 && !complain(line, "is not UTF-8; save the file as UTF-8")) break;
    if (!has_header) {
      has_header = true;
      for (Cell& cell : *cells) table->columns.push_back(std::move(cell.text));
      const std::string mistake = MistakeInColumns(table->columns);
      if (mistake.empty()) continue;
      complain(line, mistake);
      break;
    }
    if (cells->size() != table->columns.size()) {
      if (!complain(line, "has " + std::to_string(cells->size()) + " fields where the header has " +
                              std::to_string(table->columns.size())))
        break;
      continue;
    }
    if (table->rows() == kFeedRowsMax) {
      complain(line, "is one row too many: a feed has at most " + std::to_string(kFeedRowsMax));
      break;
    }
    for (Cell& cell : *cells) table->values.push_back(ValueOfCell(std::move(cell)));
  }
  if (mistakes == 0 && table->rows() == 0)
    complain(0, has_header ? "has a header and no rows" : "is empty");
  return mistakes == 0 ? table : nullptr;
}

}  // namespace stressbot
