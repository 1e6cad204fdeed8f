#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/report/RunResult.h"

/// Parts of the summary, each empty when there is nothing to say. Only Summary.cpp puts them
/// together.
namespace stressbot::summary {

/// Of a run whose load somebody changed while it ran.
inline constexpr const char* kChangedByHand =
    "changed by hand while it ran: not to be compared with other runs";

/// "traffic       out ..." with a line break; labels share one width.
std::string Line(std::string_view label, std::string_view text);

/// The latencies of the measured part, a row for connecting and for each step that requests.
struct LatencyRow {
  std::string name;
  Histogram from_due;
  Histogram from_sent;
  /// Due, but never sent. Most are in from_due too, with how long they were held up.
  std::uint64_t omitted = 0;
};
std::vector<LatencyRow> LatencyRows(const RunMetrics& metrics);
/// What the row of a request is called: the step's own metric name if it has one, else the step,
/// else the packet.
std::string StepName(const MetricsCatalog& catalog, const Series& series);
/// "≥ 12.4 ms"; percent 0 is the least value. "-" when there is none.
std::string LatencyText(const Histogram& trend, double percent);

/// "ok", "FAIL", or "-" for what could not be judged.
const char* StatusOf(const ThresholdResult& result);
/// "chat_rtt{step:chat}", as it was written.
std::string NameOf(const Threshold& threshold);
/// The story that stands beside a failed threshold: the first failure of its metric, or nullptr.
const FirstFailure* StoryOf(const ThresholdResult& result, const RunResult& run);
/// "game 127.0.0.1:7777 (reference-server, pid 4711)".
std::string DescribeServer(const ServerReport& server);

/// How a server's memory changed in the measured part: "+1.2 MB/min" where that was long enough to
/// tell a slope from warming up, else "rose by 0.6 MB".
std::string GrowthText(const ServerReport& server, const RunResult& result);

/// The table of latencies, a row for connecting and for each step that requests.
std::string LatencyPart(const RunMetrics& metrics);

/// What --scrape took: a line for each series.
std::string ScrapedPart(const RunMetrics& metrics);
/// Requests, checks, iterations, traffic, fan-out, connections and load.
std::string TotalsPart(const RunResult& result);

}  // namespace stressbot::summary
