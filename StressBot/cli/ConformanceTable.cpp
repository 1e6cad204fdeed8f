#include "StressBot/cli/ConformanceTable.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/report/Xml.h"

namespace stressbot {
namespace {

using RowVerdict = ConformanceRow::Verdict;

constexpr std::string_view kName = "misbehaviour";
constexpr std::string_view kSent = "what was sent";
constexpr std::size_t kVerdictColumns = 7;
constexpr std::size_t kDidColumns = 22;

const char* WordOf(RowVerdict verdict) {
  constexpr std::array kWords{"ok", "FAIL", "-"};
  return kWords[static_cast<std::size_t>(verdict)];
}

std::string JunitCase(std::string_view target, const ConformanceRow& row) {
  std::string xml =
      "    <testcase" +
      XmlAttributes(
          {{"classname", "conformance." + std::string(target)}, {"name", row.name}, {"time", "0"}});
  const std::string told = row.detail.empty() ? row.did : row.detail;
  if (row.verdict == RowVerdict::kGood) return xml + "/>\n";
  if (row.verdict == RowVerdict::kNotTried)
    return xml + ">\n      <skipped" + XmlAttributes({{"message", told}}) + "/>\n    </testcase>\n";
  return xml + ">\n      <failure" +
         XmlAttributes({{"message", row.sent + ": " + row.did + "; good servers " + row.good}}) +
         ">" + XmlText(told) + "</failure>\n    </testcase>\n";
}

}  // namespace

void ReadDescription(std::string_view description, ConformanceRow& row) {
  constexpr std::string_view kBetween = ". Good servers ";
  const std::size_t middle = description.find(kBetween);
  row.sent = description.substr(0, middle);
  if (middle == std::string_view::npos) return;
  row.good = description.substr(middle + kBetween.size());
  if (row.good.ends_with('.')) row.good.pop_back();
}

ConformanceTable::ConformanceTable(const std::vector<ConformanceRow>& rows)
    : name_columns_(kName.size()), sent_columns_(kSent.size()) {
  for (const ConformanceRow& row : rows) {
    name_columns_ = std::max(name_columns_, DisplayWidth(row.name));
    sent_columns_ = std::max(sent_columns_, DisplayWidth(row.sent));
  }
}

std::string ConformanceTable::Head() const {
  return PadRight("", kVerdictColumns) + PadRight(kName, name_columns_ + 2) +
         PadRight("the server", kDidColumns) + PadRight(kSent, sent_columns_ + 2) +
         "good servers\n";
}

std::string ConformanceTable::Line(const ConformanceRow& row) const {
  std::string line = PadRight(WordOf(row.verdict), kVerdictColumns) +
                     PadRight(row.name, name_columns_ + 2) + PadRight(row.did, kDidColumns) +
                     PadRight(row.sent, sent_columns_ + 2) + row.good + "\n";
  if (!row.detail.empty()) line += PadRight("", kVerdictColumns) + ToPrintable(row.detail) + "\n";
  return line;
}

std::size_t CountOf(const std::vector<ConformanceRow>& rows, RowVerdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(rows, verdict, &ConformanceRow::verdict));
}

std::string ConformanceJson(const std::vector<ConformanceRow>& rows, std::string_view target,
                            int code) {
  using Json = nlohmann::ordered_json;
  Json json{{"schema", "stressbot-conformance/1"},
            {"target", ToValidUtf8(target)},
            {"code", code},
            {"failed", CountOf(rows, RowVerdict::kFailed)}};
  json["misbehaviours"] = Json::array();
  for (const ConformanceRow& row : rows) {
    constexpr std::array kWords{"good", "failed", "not tried"};
    json["misbehaviours"].push_back({{"name", row.name},
                                     {"sent", row.sent},
                                     {"did", row.did},
                                     {"good_servers", row.good},
                                     {"verdict", kWords[static_cast<std::size_t>(row.verdict)]},
                                     {"detail", ToValidUtf8(row.detail)}});
  }
  constexpr int kIndent = 2;
  return json.dump(kIndent) + "\n";
}

std::string ConformanceJunit(const std::vector<ConformanceRow>& rows, std::string_view target) {
  const std::string counts =
      XmlAttributes({{"tests", std::to_string(rows.size())},
                     {"failures", std::to_string(CountOf(rows, RowVerdict::kFailed))},
                     {"errors", "0"},
                     {"skipped", std::to_string(CountOf(rows, RowVerdict::kNotTried))},
                     {"time", "0"}});
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    XmlAttributes({{"name", "stressbot"}}) + ">\n  <testsuite" +
                    XmlAttributes({{"name", "conformance"}}) + counts + ">\n";
  for (const ConformanceRow& row : rows) xml += JunitCase(target, row);
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace stressbot
