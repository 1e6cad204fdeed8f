#include <algorithm>
#include <nlohmann/json.hpp>

#include "StressBot/scenario/FeedTableReader.h"

namespace stressbot {
namespace {

using OrderedJson = nlohmann::ordered_json;

/// nullopt for what is no text, number, true or false.
std::optional<Value> ScalarOf(const OrderedJson& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
    return json.get<std::uint64_t>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  return std::nullopt;
}

/// Adds the row; what is wrong with it otherwise.
std::string AddRow(const OrderedJson& json, FeedTable& table) {
  if (json.is_discarded()) return "is no JSON; each line holds one object";
  if (!json.is_object() || json.empty())
    return "needs an object with at least one key, such as {\"name\": \"ann\"}";
  if (table.columns.empty()) {
    for (const auto& [key, value] : json.items()) table.columns.push_back(key);
    if (table.columns.size() > kFeedColumnsMax)
      return "has more than " + std::to_string(kFeedColumnsMax) + " keys";
  }
  if (table.rows() == kFeedRowsMax)
    return "is one row too many: a feed has at most " + std::to_string(kFeedRowsMax);
  for (const auto& [key, value] : json.items()) {
    if (std::find(table.columns.begin(), table.columns.end(), key) == table.columns.end())
      return "has a key \"" + key + "\" that the first line does not have" +
             Suggest(key, table.columns);
  }
  std::vector<Value> row;
  for (const std::string& column : table.columns) {
    const auto member = json.find(column);
    if (member == json.end()) return "has no \"" + column + "\", which the first line has";
    const auto value = ScalarOf(*member);
    if (!value) return "\"" + column + "\" needs a text, a number, true or false";
    row.push_back(*value);
  }
  table.values.insert(table.values.end(), row.begin(), row.end());
  return {};
}

}  // namespace

std::shared_ptr<const FeedTable> ReadJsonLines(std::string_view text, const std::string& file,
                                               Diagnostics& errors) {
  constexpr std::size_t kWrongLinesMax = 10;
  text = WithoutByteOrderMark(text);
  auto table = std::make_shared<FeedTable>();
  std::size_t mistakes = 0;
  for (int line = 1; !text.empty() && mistakes < kWrongLinesMax; ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::string mistake =
        AddRow(OrderedJson::parse(row, nullptr, /*allow_exceptions=*/false), *table);
    if (mistake.empty()) continue;
    ++mistakes;
    errors.Add({file, line, "", std::move(mistake)});
  }
  if (mistakes == 0 && table->rows() == 0) {
    ++mistakes;
    errors.Add({file, 0, "", "is empty"});
  }
  return mistakes == 0 ? table : nullptr;
}

}  // namespace stressbot
