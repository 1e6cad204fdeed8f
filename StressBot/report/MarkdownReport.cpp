#include "StressBot/report/MarkdownReport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Conversation.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/LastLines.h"
#include "StressBot/report/Markdown.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

std::string Heading(const RunResult& result) {
  std::string text =
      fmt::format("## {} {}: {}\n\n{} bots, {}, seed {}", result.verdict.passed() ? "PASS" : "FAIL",
                  static_cast<int>(result.verdict.code()), MarkdownText(result.scenario),
                  FormatCount(result.bots_max), FormatSpan(result.duration), result.seed);
  for (const ServerReport& server : result.servers) {
    text += ", " + MarkdownText(summary::DescribeServer(server));
  }
  text += "\n";
  const std::string incident = DescribeIncidents(result);
  if (!incident.empty()) text += "\n" + MarkdownText(incident) + "\n";
  if (!result.verdict.reasons.empty() || result.changed_by_hand) text += "\n";
  for (const VerdictReason& reason : result.verdict.reasons) {
    text += fmt::format("- **{}** {}\n", static_cast<int>(reason.code), MarkdownText(reason.text));
  }
  if (result.changed_by_hand) text += fmt::format("- {}\n", summary::kChangedByHand);
  return text;
}

std::string Thresholds(const RunResult& result) {
  if (result.thresholds.empty()) return {};
  std::string text =
      "\n" + MarkdownRow({"", "threshold", "", "value", ""}) + "|---|---|---|---|---|\n";
  for (const ThresholdResult& threshold : result.thresholds) {
    std::string detail = threshold.detail;
    if (const FirstFailure* story = summary::StoryOf(threshold, result)) {
      detail += (detail.empty() ? "first: " : "; first: ") + story->text;
    }
    text += MarkdownRow({threshold.passed ? summary::StatusOf(threshold) : "**FAIL**",
                         MarkdownText(summary::NameOf(threshold.threshold)),
                         MarkdownText(Describe(threshold.threshold)),
                         (threshold.is_lower_bound ? "≥ " : "") + MarkdownText(threshold.text),
                         MarkdownText(detail)});
  }
  return text;
}

std::string Latencies(const RunMetrics& metrics) {
  constexpr std::array<double, 6> kColumns{50, 90, 95, 99, 99.9, 100};
  const std::vector<summary::LatencyRow> rows = summary::LatencyRows(metrics);
  if (rows.empty()) return {};
  std::string text =
      "\n" +
      MarkdownRow({"latency, from when due", "count", "p50", "p90", "p95", "p99", "p99.9", "max"}) +
      "|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const summary::LatencyRow& row : rows) {
    std::vector<std::string> cells{MarkdownText(row.name), FormatCount(row.from_due.count())};
    for (const double percent : kColumns) {
      cells.push_back(MarkdownText(summary::LatencyText(row.from_due, percent)));
    }
    text += MarkdownRow(cells);
  }
  return text;
}

std::string FirstFailures(const RunResult& result) {
  if (result.first_failures.empty()) return {};
  std::string text = "\nFirst failures:\n\n";
  for (const FirstFailure& failure : result.first_failures) {
    text += "- " + MarkdownText(failure.metric) + ": " + MarkdownText(failure.text) + "\n";
  }
  return text;
}

/// Lines as they are, whatever they hold: indented by four.
std::string Verbatim(const std::string& lines) {
  std::string text;
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t to = std::min(lines.find('\n', from), lines.size());
    text += "    " + ToPrintable(lines.substr(from, to - from)) + "\n";
    from = to + 1;
  }
  return text;
}

/// The first that was recorded: a page is short.
std::string Conversation(const RunResult& result) {
  constexpr std::size_t kColumns = 120;
  for (const FirstFailure& failure : result.first_failures) {
    if (failure.conversation.empty()) continue;
    return "\nBefore " + MarkdownText(failure.text) + ":\n\n" +
           Verbatim(FormatConversation(failure.conversation, kColumns));
  }
  return {};
}

std::string DeadServers(const RunResult& result) {
  std::string text;
  for (const ServerReport& server : result.servers) {
    if (!server.has_last_words()) continue;
    text += "\nServer " + MarkdownText(server.name) + ": " + MarkdownText(server.ending) + "\n\n";
    if (!server.last_packets.empty())
      text += "Packets of its last second: " + MarkdownText(server.last_packets) + "\n\n";
    if (!server.stack.empty()) text += "Stack:\n\n";
    for (const std::string& line : server.stack) text += Verbatim(line);
    if (!server.stack.empty()) text += "\n";
    for (const std::string& line : LinesThatTell(server.last_lines)) text += Verbatim(line);
  }
  return text;
}

}  // namespace

std::string WriteMarkdown(const RunResult& result) {
  return Heading(result) + Thresholds(result) +
         (result.metrics != nullptr ? Latencies(*result.metrics) : "") + FirstFailures(result) +
         Conversation(result) + DeadServers(result);
}

}  // namespace stressbot
