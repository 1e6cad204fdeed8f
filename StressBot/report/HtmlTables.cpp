#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/SummaryParts.h"

namespace stressbot::html {

namespace {

/// A section with a table that scrolls on its own where the page is narrow. The first column names
/// the rows.
class TableSection {
 public:
  TableSection(std::string_view id, std::string_view title, std::vector<std::string> columns)
      : id_(id), title_(title) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      head_ += fmt::format("<th scope=\"col\"{}>{}</th>", i == 0 ? "" : " class=\"number\"",
                           Text(columns[i]));
    }
  }
  void AddRow(const std::vector<std::string>& cells) {
    rows_ += "<tr><th scope=\"row\">" + Text(cells.front()) + "</th>";
    for (std::size_t i = 1; i < cells.size(); ++i)
      rows_ += "<td class=\"number\">" + Text(cells[i]) + "</td>";
    rows_ += "</tr>\n";
  }
  /// What a word of the table means, in a line under it.
  void Explain(std::string_view what) { notes_ += "<p class=\"hint\">" + Text(what) + "</p>\n"; }
  std::string Html() const {
    if (rows_.empty()) return {};
    return fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}-title\">"
        "<table>\n<thead><tr>{2}</tr></thead>\n<tbody>\n{3}</tbody></table></div>\n{4}</section>\n",
        id_, title_, head_, rows_, notes_);
  }

 private:
  std::string id_, title_, head_, rows_, notes_;
};

/// A count; zeros are a dash, so that what there is stands out.
std::string CountOrDash(std::uint64_t count) { return count == 0 ? "–" : FormatCount(count); }

std::string Latencies(const RunMetrics& metrics) {
  constexpr std::array<double, 7> kPercents{0, 50, 90, 95, 99, 99.9, 100};
  const std::vector<summary::LatencyRow> rows = summary::LatencyRows(metrics);
  const bool any_omitted =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.omitted > 0; });
  std::vector<std::string> columns{"step", "count", "min",   "p50", "p90",
                                   "p95",  "p99",   "p99.9", "max", "sent to reply p99"};
  if (any_omitted) columns.insert(columns.end() - 1, "never sent");
  TableSection table("latencies", "Latency by step, from when it was due", std::move(columns));
  for (const summary::LatencyRow& row : rows) {
    std::vector<std::string> cells{row.name, FormatCount(row.from_due.count())};
    for (const double percent : kPercents)
      cells.push_back(summary::LatencyText(row.from_due, percent));
    if (any_omitted) cells.push_back(CountOrDash(row.omitted));
    cells.push_back(summary::LatencyText(row.from_sent, 99));
    table.AddRow(cells);
  }
  if (any_omitted) {
    table.Explain(
        "never sent: due while the bot still waited for an earlier reply. They are in the count "
        "with "
        "the time from when they were due to when the bot was free again, or not at all when it "
        "was "
        "cut meanwhile.");
    table.Explain(
        "sent to reply p99: only of those that were sent. It can be above the p99 from when due, "
        "which "
        "is of more requests.");
  }
  return table.Html();
}

std::string Traffic(const RunMetrics& metrics) {
  TableSection table("traffic", "Traffic",
                     {"way", "packets", "packets a second", "bytes", "bytes a second"});
  const double seconds = std::chrono::duration<double>(metrics.whole_time()).count();
  const auto add = [&](std::string name, std::string_view packets_name,
                       std::string_view data_name) {
    const Selection packets = Select(metrics.catalog(), metrics.whole(), packets_name, {});
    const Selection data = Select(metrics.catalog(), metrics.whole(), data_name, {});
    if (!packets.known) return;
    const auto count = static_cast<double>(packets.count);
    const auto bytes = static_cast<double>(data.count);
    table.AddRow({std::move(name), FormatCount(packets.count),
                  seconds > 0 ? FormatNumber(count / seconds, 0) : "-", FormatBytes(bytes),
                  seconds > 0 ? FormatBytes(bytes / seconds) : "-"});
  };
  add("out", "packets_sent", "data_sent");
  add("in", "packets_received", "data_received");
  return table.Html();
}

/// The parts of a line of the summary, which keeps them three blanks apart.
std::string PartsOf(std::string_view line) {
  std::string parts;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find("   "), line.size());
    parts += "<span class=\"part\">" + Text(line.substr(0, end)) + "</span> ";
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  }
  return parts;
}

/// What words of the totals mean; those that do not stand there are not explained.
std::string WordsOf(std::string_view totals) {
  struct Word {
    std::string_view sign;  ///< how it stands in the totals
    std::string_view meaning;
  };
  constexpr std::array<Word, 8> kWords{{
      {"cut by us ", "cut by us: still open when the scenario or the stop ended their bot's visit"},
      {"due but never sent ",
       "due but never sent: their bot still waited for an earlier reply of the server"},
      {"   cut ", "iterations cut: ended by churn or an event, as the scenario wants; no error"},
      {"interrupted ", "interrupted: still going on when the load ended"},
      {"not waited for ", "not waited for: packets that no step of the scenario wanted; no error"},
      {"resets)", "resets by us: the bot pulled the plug, as the scenario wants"},
      {"excused ", "excused: an event of the scenario said that it would happen"},
      {"lateness ", "lateness: how late StressBot's own timers ran"},
  }};
  std::string items;
  for (const Word& word : kWords) {
    if (totals.find(word.sign) != std::string_view::npos)
      items += "<li>" + Text(word.meaning) + "</li>\n";
  }
  constexpr std::string_view kTimedOut = ", timed out ";
  const std::size_t at = totals.find(kTimedOut);
  if (at != std::string_view::npos && totals.substr(at + kTimedOut.size(), 1) != "0")
    items +=
        "<li>connections timed out: the other side did not answer our closing in time, or was no "
        "longer there</li>\n";
  return items.empty() ? "" : "<ul class=\"notes\">\n" + items + "</ul>\n";
}

/// The other totals that the summary prints, in the same words.
std::string Totals(const RunResult& result) {
  std::string rows;
  const std::string text = summary::TotalsPart(result);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const std::string_view label = line.substr(0, line.find(' '));
    if (label == "traffic") continue;
    const std::size_t rest = std::min(line.find_first_not_of(' ', label.size()), line.size());
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", Text(label),
                        PartsOf(line.substr(rest)));
  }
  if (rows.empty()) return {};
  return "<section id=\"totals\" aria-labelledby=\"totals-title\">\n<h2 "
         "id=\"totals-title\">Requests, connections, load</h2>\n<table "
         "class=\"totals\">\n<tbody>\n" +
         rows + "</tbody></table>\n" + WordsOf(text) + "</section>\n";
}

std::string Servers(const RunResult& result) {
  TableSection table("servers", "Servers",
                     {"server", "state", "CPU", "memory", "growth", "threads", "handles"});
  for (const ServerReport& server : result.servers) {
    if (!server.watched) continue;
    const bool is_measured = server.memory_bytes > 0;
    const auto measured = [&](std::string text) {
      return is_measured ? std::move(text) : std::string("-");
    };
    std::string state = server.alive ? "alive" : server.ending.empty() ? "ended" : server.ending;
    table.AddRow(
        {server.name + " " + server.target, std::move(state),
         measured(fmt::format("{:.0f} %", server.cpu_percent)),
         measured(FormatBytes(server.memory_bytes)), measured(summary::GrowthText(server, result)),
         measured(std::to_string(server.threads)), measured(std::to_string(server.descriptors))});
  }
  return table.Html();
}

/// Only packets that came or went; the sum of all servers and groups.
std::string Packets(const RunMetrics& metrics) {
  constexpr std::array<std::string_view, 5> kColumns{
      "packets_sent", "packets_received", "packets_unhandled", "packets_late", "packets_invalid"};
  std::map<std::string, std::array<std::uint64_t, kColumns.size()>> rows;
  const std::vector<Series>& counters = metrics.catalog().counters();
  for (std::uint32_t i = 0; i < counters.size(); ++i) {
    const auto* column = std::find(kColumns.begin(), kColumns.end(), counters[i].metric);
    const std::uint64_t count = metrics.whole().counter(CounterId{i});
    if (column == kColumns.end() || count == 0) continue;
    const auto place = static_cast<std::size_t>(column - kColumns.begin());
    rows[std::string(TagOf(counters[i].tags, "packet"))][place] += count;
  }
  TableSection table("packets", "Packets by name",
                     {"packet", "sent", "received", "not waited for", "too late", "invalid"});
  std::uint64_t unhandled = 0;
  for (const auto& [name, counts] : rows) {
    std::vector<std::string> cells{name.empty() ? "-" : name};
    for (const std::uint64_t count : counts) cells.push_back(CountOrDash(count));
    unhandled += counts[2];
    table.AddRow(cells);
  }
  if (unhandled > 0)
    table.Explain("not waited for: received, but no step of the scenario wanted it; no error.");
  return table.Html();
}

}  // namespace

std::string TablesPart(const RunResult& result) {
  return Latencies(*result.metrics) + Totals(result) + Traffic(*result.metrics) + Servers(result) +
         Packets(*result.metrics);
}

}  // namespace stressbot::html
