#include "StressBot/report/Summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/LastLines.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using summary::DescribeServer;
using summary::NameOf;
using summary::StoryOf;

constexpr std::size_t kVerdictEndsAt = 118;  ///< columns; about as wide as the table of latencies

/// "reference-server" of `build/bin/reference-server --listen ...`.
std::string ProgramOf(const std::string& command) {
  const std::string program = command.substr(0, command.find(' '));
  return ToPrintable(program.substr(program.find_last_of("/\\") + 1));
}

std::string Title(const RunResult& result) {
  std::string title =
      fmt::format("{}  {} bots  {}  seed {}", ToPrintable(result.scenario),
                  FormatCount(result.bots_max), FormatSpan(result.duration), result.seed);
  for (const ServerReport& server : result.servers) title += "  " + DescribeServer(server);
  const std::string verdict = fmt::format("{} {}", result.verdict.passed() ? "PASS" : "FAIL",
                                          static_cast<int>(result.verdict.code()));
  const std::size_t width = std::max(kVerdictEndsAt, DisplayWidth(title) + 2 + verdict.size());
  return PadRight(title, width - verdict.size()) + verdict + "\n";
}

std::string ReasonsPart(const Verdict& verdict) {
  std::string text;
  for (const VerdictReason& reason : verdict.reasons) {
    text += fmt::format("  {}  {}\n", static_cast<int>(reason.code), ToPrintable(reason.text));
  }
  return text;
}

std::string DetailOf(const ThresholdResult& result, const RunResult& run) {
  std::string detail = result.detail.empty() ? "" : "(" + result.detail + ")";
  if (const FirstFailure* story = StoryOf(result, run)) {
    detail += (detail.empty() ? "first: " : "   first: ") + ToPrintable(story->text);
  }
  return detail;
}

std::string ThresholdsPart(const RunResult& result) {
  if (result.thresholds.empty()) return {};
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const ThresholdResult& threshold : result.thresholds) {
    table.AddRow({summary::StatusOf(threshold), NameOf(threshold.threshold),
                  ToPrintable(Describe(threshold.threshold)),
                  (threshold.is_lower_bound ? "≥ " : "") + threshold.text,
                  DetailOf(threshold, result)});
  }
  return "thresholds\n" + table.Format("  ");
}

std::string FirstFailuresPart(const RunResult& result) {
  Table table({Align::kLeft, Align::kLeft});
  for (const FirstFailure& failure : result.first_failures) {
    const bool told = std::any_of(
        result.thresholds.begin(), result.thresholds.end(),
        [&](const ThresholdResult& threshold) { return StoryOf(threshold, result) == &failure; });
    if (!told) table.AddRow({ToPrintable(failure.metric), ToPrintable(failure.text)});
  }
  return table.empty() ? "" : "first failures\n" + table.Format("  ");
}

/// The end of the conversation that led to the first failure of which one was recorded.
std::string ConversationPart(const RunResult& result) {
  constexpr std::size_t kLinesMax = 10;
  for (const FirstFailure& failure : result.first_failures) {
    const auto& lines = failure.conversation;
    if (lines.empty()) continue;
    const std::size_t shown = std::min(lines.size(), kLinesMax);
    return "before that: " + ToPrintable(failure.text) + "\n" +
           FormatConversation({lines.end() - static_cast<std::ptrdiff_t>(shown), lines.end()},
                              kVerdictEndsAt);
  }
  return {};
}

std::string EventsPart(const RunResult& result) {
  Table table({Align::kRight, Align::kLeft});
  for (const RunEvent& event : result.events) {
    table.AddRow({FormatSpan(event.at), ToPrintable(event.text)});
  }
  return table.empty() ? "" : "events\n" + table.Format("  ");
}

std::string ServerState(const ServerReport& server) {
  if (server.ended_badly) return "alive; asked to end: " + ToPrintable(server.ending);
  if (server.alive) return "alive";
  return server.ending.empty() ? "ended" : ToPrintable(server.ending);
}

/// What else is known of one that ended.
std::string LastWords(const ServerReport& server) {
  std::string text;
  if (!server.has_last_words()) return text;
  if (!server.last_packets.empty())
    text += "  packets of its last second: " + ToPrintable(server.last_packets) + "\n";
  for (const std::string& line : server.stack) text += "  stack: " + ToPrintable(line) + "\n";
  for (const std::string& line : LinesThatTell(server.last_lines))
    text += "  | " + ToPrintable(line) + "\n";
  return text;
}

std::string ServerPart(const ServerReport& server, const RunResult& result) {
  if (!server.watched) return {};
  const bool is_only = result.servers.size() == 1;
  std::string text = is_only ? "" : ToPrintable(server.name) + " ";
  text += ServerState(server);
  if (server.memory_bytes > 0) {
    text += fmt::format("   CPU {:.0f} %   memory {}, {}   threads {}   handles {}",
                        server.cpu_percent, FormatBytes(server.memory_bytes),
                        summary::GrowthText(server, result), server.threads,
                        FormatCount(static_cast<std::uint64_t>(std::max(server.descriptors, 0))));
  }
  return summary::Line("server", text) + LastWords(server);
}

std::string ServersPart(const RunResult& result) {
  std::string text;
  for (const ServerReport& server : result.servers) {
    text += ServerPart(server, result);
  }
  return text;
}

}  // namespace

namespace summary {

std::string GrowthText(const ServerReport& server, const RunResult& result) {
  constexpr std::chrono::minutes kSlopeNeeds{5};
  const double growth = server.memory_bytes_per_minute;
  const std::chrono::nanoseconds measured = result.metrics == nullptr
                                                ? std::chrono::nanoseconds::zero()
                                                : result.metrics->measured_time();
  if (measured >= kSlopeNeeds)
    return std::string(growth < 0 ? "" : "+") + FormatBytes(growth) + "/min";
  const double change = growth * std::chrono::duration<double>(measured).count() / 60;
  if (std::abs(change) < 1) return "steady";
  return (change < 0 ? "fell by " : "rose by ") + FormatBytes(std::abs(change));
}

std::string DescribeServer(const ServerReport& server) {
  std::string text = ToPrintable(server.name);
  if (!server.target.empty()) text += " " + ToPrintable(server.target);
  std::string process = ProgramOf(server.command);
  if (server.pid != 0) process += fmt::format("{}pid {}", process.empty() ? "" : ", ", server.pid);
  return process.empty() ? text : text + " (" + process + ")";
}

const char* StatusOf(const ThresholdResult& result) {
  if (result.not_judged()) return "-";
  return result.passed ? "ok" : "FAIL";
}

std::string NameOf(const Threshold& threshold) {
  std::string tags;
  for (const auto& [name, value] : threshold.tags) {
    tags += (tags.empty() ? "" : ", ") + name + ":" + value;
  }
  return ToPrintable(tags.empty() ? threshold.metric : threshold.metric + "{" + tags + "}");
}

const FirstFailure* StoryOf(const ThresholdResult& result, const RunResult& run) {
  if (result.passed) return nullptr;
  for (const FirstFailure& failure : run.first_failures) {
    if (failure.metric == result.threshold.metric) return &failure;
  }
  return nullptr;
}

}  // namespace summary

std::string FormatVerdict(const RunResult& result) {
  std::string text =
      fmt::format("{} {}  {}\n", result.verdict.passed() ? "PASS" : "FAIL",
                  static_cast<int>(result.verdict.code()), ToPrintable(result.scenario)) +
      ReasonsPart(result.verdict);
  if (result.verdict.code() != ExitCode::kServerDied) return text;
  for (const ServerReport& server : result.servers) text += LastWords(server);
  return text;
}

std::string FormatSummary(const RunResult& result) {
  std::string text = Title(result) + ReasonsPart(result.verdict);
  const std::string incident = DescribeIncidents(result);
  if (!incident.empty()) text += "  " + ToPrintable(incident) + "\n";
  if (result.changed_by_hand) text += fmt::format("  {}\n", summary::kChangedByHand);
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += "\n" + part;
  };
  add(ThresholdsPart(result));
  if (result.metrics != nullptr) add(summary::LatencyPart(*result.metrics));
  add((result.metrics != nullptr ? summary::TotalsPart(result) : "") + ServersPart(result) +
      (result.metrics != nullptr ? summary::ScrapedPart(*result.metrics) : ""));
  add(FirstFailuresPart(result));
  add(ConversationPart(result));
  add(EventsPart(result));
  return text;
}

}  // namespace stressbot
