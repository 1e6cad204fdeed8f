#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

namespace {

std::string Section(std::string_view id, std::string_view title, const std::string& content) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}"
      "</h2>\n{2}</section>\n",
      id, title, content);
}

/// One that scrolls on its own where the page is narrow.
std::string Table(std::string_view section, std::string_view head, const std::string& rows) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{}-title\">"
      "<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
      section, head, rows);
}

std::string ThresholdsTable(const RunResult& result) {
  if (result.thresholds.empty()) return {};
  std::string rows;
  for (const ThresholdResult& threshold : result.thresholds) {
    const std::string of = threshold.detail.empty()
                               ? ""
                               : " <span class=\"of\">" + Text(DetailOf(threshold)) + "</span>";
    rows += fmt::format(
        "<tr class=\"{}\"><td><span class=\"mark\">{}</span></td><th scope=\"row\">{}</th>"
        "<td><code>{}</code></td><td class=\"number\">{}{}{}</td></tr>\n",
        threshold.not_judged() ? "unjudged"
        : threshold.passed     ? "pass"
                               : "fail",
        threshold.not_judged() ? "–"
        : threshold.passed     ? "✓ ok"
                               : "✗ FAIL",
        Breakable(summary::NameOf(threshold.threshold)), Text(threshold.threshold.expression),
        threshold.is_lower_bound ? "≥ " : "", Text(threshold.text), of);
  }
  return Section("thresholds", "Thresholds",
                 Table("thresholds",
                       "<th scope=\"col\">result</th><th scope=\"col\">metric</th>"
                       "<th scope=\"col\">limit</th><th scope=\"col\" class=\"number\">value</th>",
                       rows));
}

/// Those that are not told beside a failed threshold.
std::string FirstFailures(const RunResult& result) {
  std::string items;
  for (const FirstFailure& failure : result.first_failures) {
    const bool told =
        std::any_of(result.thresholds.begin(), result.thresholds.end(),
                    [&failure](const ThresholdResult& threshold) {
                      return !threshold.passed && threshold.threshold.metric == failure.metric;
                    });
    if (told) continue;
    items += FailureItem(failure, true);
  }
  return items.empty() ? ""
                       : Section("failures", "First failures",
                                 "<ul class=\"failures\">\n" + items + "</ul>\n");
}

std::string Lines(const std::vector<std::string>& lines) {
  std::string text = "<pre tabindex=\"0\">";
  for (const std::string& line : lines) text += Text(line) + "\n";
  return text + "</pre>\n";
}

std::string DeadServers(const RunResult& result) {
  std::string text;
  for (const ServerReport& server : result.servers) {
    if (!server.has_last_words()) continue;
    text += "<p><strong>" + Text(server.name) + "</strong> " + Text(server.ending) + ".";
    if (!server.last_packets.empty())
      text += " Packets of its last second: " + Text(server.last_packets) + ".";
    if (!server.stack.empty()) text += " Its stack:</p>\n" + Lines(server.stack) + "<p>";
    text += " The last lines of its output:</p>\n" + Lines(server.last_lines);
  }
  return text.empty() ? "" : Section("died", "What the server said last", text);
}

std::string Events(const RunResult& result) {
  if (result.events.empty()) return {};
  const bool any_excuses =
      std::any_of(result.events.begin(), result.events.end(),
                  [](const RunEvent& event) { return event.excused_until.has_value(); });
  std::string rows;
  for (std::size_t i = 0; i < result.events.size(); ++i) {
    const RunEvent& event = result.events[i];
    rows += fmt::format(
        "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"said\">{}</td>",
        i + 1, FormatSpan(event.at), Text(event.text));
    if (any_excuses)
      rows += "<td>" + (event.excused_until ? "until " + FormatSpan(*event.excused_until) : "") +
              "</td>";
    rows += "</tr>\n";
  }
  std::string head =
      "<th scope=\"col\" class=\"number\">no.</th><th scope=\"col\" class=\"number\">at</th>"
      "<th scope=\"col\">what happened</th>";
  if (any_excuses) head += "<th scope=\"col\">lost connections excused</th>";
  return Section("events", "Events", Table("events", head, rows));
}

}  // namespace

std::string FindingsPart(const RunResult& result) {
  return ThresholdsTable(result) + DeadServers(result) + FirstFailures(result) + Events(result);
}

}  // namespace stressbot::html
