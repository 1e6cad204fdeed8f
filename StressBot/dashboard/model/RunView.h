#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"
#include "StressBot/dashboard/ui/Texts.h"
#include "StressBot/report/Incident.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A line that a watched server wrote.
struct ServerLine {
  double at_s = 0;  ///< since the start of the run; before it began: negative or 0
  std::string text;
};

/// In which step bots are.
struct FunnelStep {
  std::string name;          ///< of the step; "-": between steps
  std::uint64_t bots = 0;    ///< active ones that wait in it now
  std::uint64_t silent = 0;  ///< of these, without the awaited reply for over 5 s
  bool is_stuck = false;     ///< most of the active bots wait in it, in a second without any reply
};

/// A line of the table of steps; texts are as in the summary, "-" where there is nothing.
struct StepRow {
  std::string name;
  std::uint64_t count = 0, omitted = 0;
  double per_s = 0;                    ///< in the measured part
  std::vector<std::string> latencies;  ///< by kLatencyColumns
  std::string from_sent_p99;
  // The same as numbers, plot::kNoValue where there is nothing.
  std::vector<double> latencies_ns;
  double from_sent_p99_ns = plot::kNoValue;
  bool has_failed = false;  ///< a threshold on it did
};
inline constexpr double kLatencyColumns[] = {0, 50, 90, 95, 99, 99.9, 100};

/// The latencies of one step over time.
struct LatencyChoice {
  std::string name;  ///< as it is shown
  std::string step;  ///< as metrics call it
  plot::Chart chart;
};

/// What a header shows: of the newest interval; of a run that is over, of its whole measured part.
struct RunHeadline {
  double seconds = 0;  ///< of the run so far; 0: there is no interval yet
  double requests_per_s = 0, failures_per_s = 0;
  /// Of all requests. While a run goes on: of the step that was worst.
  std::string p95 = "-", p99 = "-";
  double asked_per_s = 0, delivered_per_s = 0;
  std::optional<double> delivered_share;  ///< of the measured part; nothing: not measured yet
  double lateness_p99_ns = 0;             ///< of the generator's own timers
  std::uint64_t bots_active = 0;
};

/// All that screens show of a run, whether it goes on, is over or comes from a file: made of a
/// RunResult, as a report is. Its own texts are printable, those of `result` are as they came.
/// Immutable, so that it may be drawn while the next one is made.
struct RunView {
  /// Without its metrics, which may live on elsewhere.
  RunResult result;
  bool has_metrics = false;
  bool is_over = false;
  Language language = Language::kEnglish;  ///< of the names of charts

  RunHeadline headline;
  std::vector<FunnelStep> funnel;  ///< in the order of the flows
  std::vector<StepRow> steps;
  std::vector<Incident> incidents;
  std::string incident_text;  ///< one sentence, or empty

  plot::Points points;
  std::vector<plot::Band> bands;
  /// Events first, in the order of RunResult::events, then the first failures, then lines of
  /// servers.
  std::vector<plot::Mark> marks;
  std::vector<LatencyChoice> latencies;  ///< those that failed first, then the most frequent
  /// Throughput, bots, errors ...: those with data and that of errors, the ones that one looks at
  /// first before others.
  std::vector<plot::Chart> charts;
  plot::Heat heat;  ///< of all requests; no columns without any
};

/// What people wrote or were sent: names, events, conversations. Needs letters that may not have
/// been loaded yet.
void ForEachText(const RunView& view, const std::function<void(const std::string&)>& look);

/// Thread: any; `result.metrics` must not change meanwhile. Costs a few ms for an hour's run.
/// Charts are called in that language.
RunView MakeRunView(const RunResult& result, const std::vector<ServerLine>& lines, bool is_over,
                    Language language);

}  // namespace stressbot
