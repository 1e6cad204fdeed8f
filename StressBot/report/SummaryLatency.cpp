#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Table.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::summary {

namespace {

LatencyRow& RowOf(std::vector<LatencyRow>& rows, std::string name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&name](const LatencyRow& row) { return row.name == name; });
  if (found != rows.end()) return *found;
  rows.emplace_back();
  rows.back().name = std::move(name);
  return rows.back();
}

void AddConnects(const RunMetrics& metrics, std::vector<LatencyRow>& rows) {
  const SeriesMatch match = FindSeries(metrics.catalog(), "connect_duration", {});
  std::vector<std::string_view> servers;
  for (const std::uint32_t index : match.indexes) {
    const std::string_view server = TagOf(metrics.catalog().trends()[index].tags, "server");
    if (std::find(servers.begin(), servers.end(), server) == servers.end())
      servers.push_back(server);
  }
  for (const std::uint32_t index : match.indexes) {
    std::string name = "connect";
    if (servers.size() > 1) {
      name.append(" ").append(TagOf(metrics.catalog().trends()[index].tags, "server"));
    }
    RowOf(rows, std::move(name)).from_due.Merge(metrics.measured().trend(TrendId{index}));
  }
}

void AddRequests(const RunMetrics& metrics, std::vector<LatencyRow>& rows) {
  const std::vector<Series>& trends = metrics.catalog().trends();
  for (std::uint32_t i = 0; i < trends.size(); ++i) {
    const bool from_due = trends[i].metric == "request_duration";
    if (!from_due && trends[i].metric != "request_service_time") continue;
    LatencyRow& row = RowOf(rows, StepName(metrics.catalog(), trends[i]));
    (from_due ? row.from_due : row.from_sent).Merge(metrics.measured().trend(TrendId{i}));
  }
}

void AddRecovery(const RunMetrics& metrics, std::vector<LatencyRow>& rows) {
  Selection recovery = Select(metrics.catalog(), metrics.measured(), "recovery_duration", {});
  if (recovery.trend.empty()) return;
  rows.push_back({"recovery after a drop", std::move(recovery.trend), {}, 0});
}

void AddOmitted(const RunMetrics& metrics, std::vector<LatencyRow>& rows) {
  const std::vector<Series>& counters = metrics.catalog().counters();
  for (std::uint32_t i = 0; i < counters.size(); ++i) {
    const std::uint64_t count = metrics.measured().counter(CounterId{i});
    if (counters[i].metric != "requests_omitted" || count == 0) continue;
    RowOf(rows, StepName(metrics.catalog(), counters[i])).omitted += count;
  }
}

}  // namespace

std::string StepName(const MetricsCatalog& catalog, const Series& series) {
  for (const MetricsCatalog::AliasEntry& alias : catalog.aliases()) {
    if (alias.metric == "request_duration" && HasTags(series.tags, alias.tags)) return alias.name;
  }
  const std::string_view step = TagOf(series.tags, "step");
  return std::string(step.empty() ? TagOf(series.tags, "packet") : step);
}

std::vector<LatencyRow> LatencyRows(const RunMetrics& metrics) {
  std::vector<LatencyRow> rows;
  AddConnects(metrics, rows);
  AddRequests(metrics, rows);
  AddOmitted(metrics, rows);
  AddRecovery(metrics, rows);
  return rows;
}

std::string LatencyText(const Histogram& trend, double percent) {
  if (trend.empty()) return "-";
  const std::int64_t value = percent > 0 ? trend.Percentile(percent) : trend.min_ns();
  return (trend.IsLowerBound(percent) ? "≥ " : "") + FormatLatency(static_cast<double>(value));
}

std::string LatencyPart(const RunMetrics& metrics) {
  constexpr std::array<double, 7> kColumns{0, 50, 90, 95, 99, 99.9, 100};
  const std::vector<LatencyRow> rows = LatencyRows(metrics);
  if (rows.empty()) return {};
  std::vector<Align> columns(kColumns.size() + 3, Align::kRight);
  columns.front() = Align::kLeft;
  Table table(std::move(columns));
  table.AddRow({"latency (from when due)", "count", "min", "p50", "p90", "p95", "p99", "p99.9",
                "max", "sent to reply p99"});
  for (const LatencyRow& row : rows) {
    std::vector<std::string> cells{"  " + ToPrintable(row.name), FormatCount(row.from_due.count())};
    for (const double percent : kColumns) cells.push_back(LatencyText(row.from_due, percent));
    cells.push_back(LatencyText(row.from_sent, 99));
    table.AddRow(std::move(cells));
  }
  return table.Format("");
}

}  // namespace stressbot::summary
