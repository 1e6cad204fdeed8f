#include "StressBot/analysis/ComparisonReports.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/Markdown.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/report/Xml.h"

namespace stressbot {

namespace {

using Change = ComparedFigure::Change;
using Json = nlohmann::ordered_json;

const char* WordOf(Change change) {
  constexpr std::array kWords{"same", "better", "WORSE", "unknown"};
  return kWords[static_cast<std::size_t>(change)];
}

std::string OldText(const ComparedFigure& figure) {
  if (figure.old_values.empty()) return "-";
  return (figure.old_is_lower_bound ? "≥ " : "") + FormatFigure(figure.unit, figure.old_mean);
}

std::string NewText(const ComparedFigure& figure) {
  if (!figure.new_value) return "-";
  return (figure.new_is_lower_bound ? "≥ " : "") + FormatFigure(figure.unit, *figure.new_value);
}

/// "+53 %", and where it was zero before "+3".
std::string RiseText(const ComparedFigure& figure) {
  if (!figure.new_value || figure.old_values.empty()) return "-";
  const double rise = *figure.new_value - figure.old_mean;
  const std::string sign = rise < 0 ? "-" : "+";
  if (std::abs(figure.old_mean) <= 0) {
    return std::abs(rise) <= 0 ? "-" : sign + FormatFigure(figure.unit, std::abs(rise));
  }
  const double percent = 100 * std::abs(rise / figure.old_mean);
  return sign + FormatNumber(percent, percent < 9.95 ? 1 : 0) + " %";
}

/// "444 us to 1.17 ms"; nothing here is below zero.
std::string ExpectedText(const ComparedFigure& figure) {
  if (figure.change == Change::kUnknown) return "-";
  return FormatFigure(figure.unit, std::max(figure.expected.low, 0.0)) + " to " +
         FormatFigure(figure.unit, figure.expected.high);
}

std::string AgainstWhat(const Comparison& comparison) {
  const std::size_t count = comparison.old_files.size();
  return comparison.new_file + " against " +
         (count == 1 ? comparison.old_files.front() : std::to_string(count) + " old runs");
}

std::string Count(std::size_t count) { return FormatCount(count); }

/// "2 of 31 figures got worse, 1 got better; 7 zero in all runs, not shown."
std::string Closing(const Comparison& comparison) {
  const auto idle =
      static_cast<std::size_t>(std::count_if(comparison.figures.begin(), comparison.figures.end(),
                                             [](const auto& f) { return f.IsIdle(); }));
  std::string text = fmt::format(
      "{} of {} figures got worse, {} better", Count(comparison.CountOf(Change::kWorse)),
      Count(comparison.figures.size()), Count(comparison.CountOf(Change::kBetter)));
  const std::size_t unknown = comparison.CountOf(Change::kUnknown);
  if (unknown > 0) text += ", " + Count(unknown) + " cannot be judged";
  if (idle > 0) text += "; " + Count(idle) + " zero in all runs, not shown";
  return text + ".";
}

Json FigureJson(const ComparedFigure& figure) {
  const bool is_time = figure.unit == FigureUnit::kNanoseconds;
  const auto value = [is_time](double number) { return is_time ? MillisecondsOf(number) : number; };
  constexpr std::array kUnits{"ms", "per_second", "share", "count", "percent", "bytes"};
  Json json{{"name", ToValidUtf8(figure.name)},
            {"unit", kUnits[static_cast<std::size_t>(figure.unit)]},
            {"better", figure.higher_is_better ? "higher" : "lower"}};
  json["old"] = Json::array();
  for (const double old_value : figure.old_values) json["old"].push_back(value(old_value));
  if (!figure.old_values.empty()) json["old_mean"] = value(figure.old_mean);
  if (figure.new_value) json["new"] = value(*figure.new_value);
  if (!figure.old_values.empty() && figure.new_value) {
    json["expected_low"] = value(figure.expected.low);
    json["expected_high"] = value(figure.expected.high);
  }
  if (figure.old_is_lower_bound) json["old_lower_bound"] = true;
  if (figure.new_is_lower_bound) json["new_lower_bound"] = true;
  constexpr std::array kChanges{"same", "better", "worse", "unknown"};
  json["change"] = kChanges[static_cast<std::size_t>(figure.change)];
  return json;
}

std::string Sentence(const ComparedFigure& figure) {
  return fmt::format("old {}, new {} ({}), expected {}", OldText(figure), NewText(figure),
                     RiseText(figure), ExpectedText(figure));
}

std::string JunitCase(const std::string& suite, const std::string& name, bool failed,
                      const std::string& text) {
  std::string xml =
      "    <testcase" +
      XmlAttributes({{"classname", suite + ".compare"}, {"name", name}, {"time", "0"}}) + ">";
  if (failed) {
    xml += "<failure" + XmlAttributes({{"message", "got worse: " + text}, {"type", "compare"}}) +
           ">" + XmlText(text) + "</failure>";
  } else {
    xml += "<system-out>" + XmlText(text) + "</system-out>";
  }
  return xml + "</testcase>\n";
}

}  // namespace

std::string FormatComparison(const Comparison& comparison) {
  std::string text = ToPrintable(comparison.scenario) + "   " +
                     ToPrintable(AgainstWhat(comparison)) + "   " +
                     (comparison.IsWorse() ? "WORSE 99" : "NOT WORSE 0") + "\n\n";
  Table table(
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  table.AddRow({"", "measured part", "old", "new", "change", "expected"});
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.IsIdle()) continue;
    table.AddRow({WordOf(figure.change), ToPrintable(figure.name), OldText(figure), NewText(figure),
                  RiseText(figure), ExpectedText(figure)});
  }
  text += table.Format("  ") + "\n";
  if (!comparison.verdict_change.empty()) text += ToPrintable(comparison.verdict_change) + "\n";
  for (const std::string& remark : comparison.remarks) text += ToPrintable(remark) + "\n";
  return text + Closing(comparison) + "\n";
}

std::string ComparisonMarkdown(const Comparison& comparison) {
  std::string text = "## " + std::string(comparison.IsWorse() ? "WORSE 99" : "NOT WORSE 0") + ": " +
                     MarkdownText(comparison.scenario) + "\n\n" +
                     MarkdownText(AgainstWhat(comparison)) + ". " +
                     MarkdownText(Closing(comparison)) + "\n";
  if (!comparison.verdict_change.empty())
    text += "\n- **" + MarkdownText(comparison.verdict_change) + "**\n";
  for (const std::string& remark : comparison.remarks) text += "\n- " + MarkdownText(remark) + "\n";
  text += "\n" + MarkdownRow({"", "measured part", "old", "new", "change", "expected"}) +
          "|---|---|--:|--:|--:|--:|\n";
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.IsIdle()) continue;
    const std::string word = WordOf(figure.change);
    text += MarkdownRow({figure.change == Change::kWorse ? "**" + word + "**" : word,
                         MarkdownText(figure.name), MarkdownText(OldText(figure)),
                         MarkdownText(NewText(figure)), MarkdownText(RiseText(figure)),
                         MarkdownText(ExpectedText(figure))});
  }
  return text;
}

std::string ComparisonJson(const Comparison& comparison) {
  Json json{{"schema", "stressbot-compare/1"},
            {"scenario", ToValidUtf8(comparison.scenario)},
            {"code", comparison.IsWorse() ? 99 : 0},
            {"worse", comparison.IsWorse()},
            {"verdict_change", ToValidUtf8(comparison.verdict_change)}};
  json["old"] = Json::array();
  for (const std::string& file : comparison.old_files) json["old"].push_back(ToValidUtf8(file));
  json["new"] = ToValidUtf8(comparison.new_file);
  json["remarks"] = Json::array();
  for (const std::string& remark : comparison.remarks)
    json["remarks"].push_back(ToValidUtf8(remark));
  json["figures"] = Json::array();
  for (const ComparedFigure& figure : comparison.figures)
    json["figures"].push_back(FigureJson(figure));
  constexpr int kIndent = 2;
  return json.dump(kIndent) + "\n";
}

std::string ComparisonJunit(const Comparison& comparison) {
  const std::string suite = comparison.scenario.empty() ? "stressbot" : comparison.scenario;
  const bool verdict_failed = !comparison.verdict_change.empty();
  const std::size_t failures = comparison.CountOf(Change::kWorse) + (verdict_failed ? 1 : 0);
  const std::string counts =
      XmlAttributes({{"tests", std::to_string(comparison.figures.size() + 1)},
                     {"failures", std::to_string(failures)},
                     {"errors", "0"},
                     {"time", "0"}});
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    XmlAttributes({{"name", "stressbot"}}) + counts + ">\n  <testsuite" +
                    XmlAttributes({{"name", suite}}) + counts + ">\n";
  xml += JunitCase(suite, "verdict", verdict_failed,
                   verdict_failed ? comparison.verdict_change : Closing(comparison));
  for (const ComparedFigure& figure : comparison.figures) {
    xml += JunitCase(suite, figure.name, figure.change == Change::kWorse, Sentence(figure));
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace stressbot
