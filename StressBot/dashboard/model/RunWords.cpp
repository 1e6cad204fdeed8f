#include "StressBot/dashboard/model/RunWords.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <utility>

#include "StressBot/metrics/Format.h"
#include "StressBot/report/JsonValues.h"
#include "StressBot/report/LatencyLimit.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

using std::chrono::nanoseconds;

/// Without tenths, which would only flicker: "12 s", "1 min 00 s".
std::string WholeSeconds(nanoseconds span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
  if (seconds < std::chrono::minutes(1)) return fmt::format("{} s", seconds.count());
  if (seconds >= std::chrono::hours(1)) return FormatSpan(seconds);
  return fmt::format("{} min {:02} s", seconds.count() / 60, seconds.count() % 60);
}

RunStanding StandingOfRunning(const RunStatus& status) {
  switch (status.state) {
    case RunState::kStarting:
      return {"preparing", Text::kRunStarting, Tone::kQuiet};
    case RunState::kPaused:
      return {"paused", Text::kRunPaused, Tone::kWarn};
    case RunState::kStopping:
    case RunState::kOver:  // the load is, but not yet what comes after it
      return {"stopping", Text::kRunStopping, Tone::kQuiet};
    case RunState::kRunning:
      break;
  }
  if (status.phase == Phase::kWarmup) return {"running", Text::kRunWarmup, Tone::kPass};
  return {"running", Text::kRunRunning, Tone::kPass};
}

/// Nothing can be told of a run that has hardly begun: no reply came yet, no bot is at its work.
bool IsTooEarly(const RunView& view) {
  constexpr double kSecondsNeeded = 5;
  return !view.is_over && view.headline.seconds < kSecondsNeeded;
}

/// In the warm-up all that fails are thresholds that have nothing to judge yet.
bool HasNothingJudged(const RunView& view) {
  const auto has_failed = [](const ThresholdResult& it) { return it.has_data && !it.passed; };
  const auto& thresholds = view.result.thresholds;
  return !view.is_over && view.result.verdict.code() == ExitCode::kThresholdFailed &&
         std::none_of(thresholds.begin(), thresholds.end(), has_failed);
}

/// Kept for what no label of a threshold tells.
std::optional<Text> TitleOf(ExitCode code) {
  switch (code) {
    case ExitCode::kConfiguration:
    case ExitCode::kCouldNotBegin:
      return Text::kCouldNotBegin;
    case ExitCode::kInternalError:
      return Text::kInternalError;
    case ExitCode::kServerDied:
      return Text::kServerDied;
    case ExitCode::kNothingWorked:
      return Text::kNothingWorked;
    case ExitCode::kInterrupted:
    case ExitCode::kAborted:
      return Text::kRunAborted;
    case ExitCode::kReportNotWritten:
      return Text::kNotSaved;
    case ExitCode::kGeneratorLimited:  // GeneratorReport::saturation tells it
    case ExitCode::kThresholdFailed:
    case ExitCode::kDrift:
    case ExitCode::kPassed:
      break;
  }
  return std::nullopt;
}

/// Ids are those of ChartSpecs.
std::string_view ChartOfMetric(std::string_view metric) {
  constexpr std::pair<std::string_view, std::string_view> kCharts[] = {
      {"requests_failed", "errors"},
      {"checks", "errors"},
      {"connects_failed", "errors"},
      {"connects_excused", "errors"},
      {"bots_dropped", "errors"},
      {"drops_excused", "errors"},
      {"requests_omitted", "errors"},
      {"dropped_iterations", "errors"},
      {"packets_invalid", "errors"},
      {"packets_late", "errors"},
      {"packets_sent", "packets"},
      {"packets_received", "packets"},
      {"data_sent", "bytes"},
      {"data_received", "bytes"},
      {"server_memory", "memory"},
      {"generator_memory", "memory"},
      {"server_cpu", "cpu"},
      {"generator_cpu", "cpu"},
      {"server_handles", "handles"},
      {"server_threads", "handles"},
      {"generator_lateness", "lateness"},
      {"fanout_delivered", "fanout"},
      {"sessions_ended", "connections"},
      {"bots", "bots"}};
  const auto* found = std::find_if(std::begin(kCharts), std::end(kCharts),
                                   [metric](const auto& it) { return it.first == metric; });
  return found == std::end(kCharts) ? std::string_view() : found->second;
}

bool KeepsBelow(const Threshold& threshold) {
  return threshold.InNanoseconds() && threshold.aggregator != Threshold::Aggregator::kSlope &&
         WantsLess(threshold);
}

}  // namespace

RunStanding StandingOf(RunHost::State state, const std::optional<RunStatus>& status) {
  switch (state) {
    case RunHost::State::kNone:
      return {"none", Text::kRunNone, Tone::kQuiet};
    case RunHost::State::kPreparing:
      return {"preparing", Text::kRunPreparing, Tone::kQuiet};
    case RunHost::State::kRunning:
      break;
    case RunHost::State::kOver:
      return {"over", Text::kRunOver, Tone::kQuiet};
    case RunHost::State::kRefused:
      return {"refused", Text::kRunRefused, Tone::kFail};
  }
  if (!status) return {"preparing", Text::kRunStarting, Tone::kQuiet};
  return StandingOfRunning(*status);
}

RunProgress ProgressOf(const std::optional<RunStatus>& status, const RunView* view,
                       const Texts& tr) {
  RunProgress progress;
  nanoseconds passed{}, load{}, planned{};
  if (view != nullptr && view->is_over) {
    passed = load = view->result.duration;
    planned = view->result.planned_duration;
  } else if (status) {
    passed = status->elapsed;
    load = status->load_time;
    planned = status->planned;
  }
  progress.seconds = SecondsOf(passed);
  if (planned.count() > 0)
    progress.share = std::clamp(SecondsOf(load) / SecondsOf(planned), 0., 1.);
  if (view != nullptr && view->is_over)
    progress.text = FormatSpan(passed);  // bots took their time to leave: more than was planned
  else if (planned.count() > 0)
    progress.text = tr.Format(Text::kRunOf, WholeSeconds(load), WholeSeconds(planned));
  else if (passed.count() > 0)
    progress.text = WholeSeconds(passed);
  return progress;
}

RunVerdict VerdictOf(const RunView* view) {
  if (view == nullptr) return {"-", Tone::kQuiet};
  const Verdict& verdict = view->result.verdict;
  const ExitCode code = verdict.code();
  if (IsTooEarly(*view) && code != ExitCode::kServerDied) return {"-", Tone::kQuiet};
  if (HasNothingJudged(*view)) return {"-", Tone::kQuiet};
  return {fmt::format("{} {}", verdict.passed() ? "PASS" : "FAIL", static_cast<int>(code)),
          verdict.passed() ? Tone::kPass : Tone::kFail};
}

ThresholdChip ChipOf(const ThresholdResult& result, bool is_over, const Texts& tr) {
  ThresholdChip chip;
  chip.name = summary::NameOf(result.threshold);
  chip.limit = ToPrintable(Describe(result.threshold));
  chip.detail = ToPrintable(result.detail);
  const bool is_open = result.not_judged() || (!result.has_data && !is_over);
  if (is_open) {
    chip.value = tr(is_over ? Text::kNotJudged : Text::kNoDataYet);
    return chip;
  }
  chip.tone = result.passed ? Tone::kPass : Tone::kFail;
  chip.value = (result.is_lower_bound ? "≥ " : "") + ToPrintable(result.text);
  return chip;
}

std::vector<LatencyGauge> LatencyGauges(const RunView& view, const Texts& tr) {
  std::vector<LatencyGauge> gauges;
  for (const ThresholdResult& result : view.result.thresholds) {
    if (!KeepsBelow(result.threshold)) continue;
    const double limit = result.threshold.limit;
    gauges.push_back({ChipOf(result, view.is_over, tr),
                      limit > 0 && result.has_data ? result.value / limit : 0});
  }
  std::stable_partition(gauges.begin(), gauges.end(),
                        [](const LatencyGauge& gauge) { return gauge.chip.tone == Tone::kFail; });
  return gauges;
}

std::vector<RunBanner> BannersOf(const RunView& view, const Texts& tr) {
  std::vector<RunBanner> banners;
  for (const VerdictReason& reason : view.result.verdict.reasons) {
    if (reason.code == ExitCode::kNothingWorked && IsTooEarly(view)) continue;
    const auto title = TitleOf(reason.code);
    if (title) banners.push_back({Tone::kFail, tr(*title), ToPrintable(reason.text)});
  }
  if (!view.incident_text.empty() && !view.result.verdict.passed())
    banners.push_back({Tone::kFail, tr(Text::kWhatHappened), view.incident_text});
  const std::vector<std::string>& saturation = view.result.generator.saturation;
  if (!saturation.empty()) {
    std::string signs;
    for (const std::string& sign : saturation) signs += (signs.empty() ? "" : "; ") + sign;
    banners.push_back({Tone::kWarn, tr(Text::kGeneratorLimited), ToPrintable(signs)});
  }
  if (view.is_over && view.result.changed_by_hand)
    banners.push_back({Tone::kQuiet, tr(Text::kChangedByHand), tr(Text::kChangedByHandMore)});
  return banners;
}

std::string RateText(double per_second) {
  constexpr double kTenthsBelow = 10;
  const bool has_tenths = per_second > 0 && per_second < kTenthsBelow;
  return FormatNumber(per_second, has_tenths ? 1 : 0);
}

ChartPlace ChartOf(const RunView& view, const Threshold& threshold) {
  const std::string limit = ToPrintable(threshold.expression);
  const auto has_it = [&limit](const plot::Chart& chart) {
    return std::any_of(chart.limits.begin(), chart.limits.end(),
                       [&limit](const plot::Limit& it) { return it.name == limit; });
  };
  if (threshold.InNanoseconds()) {
    for (const LatencyChoice& choice : view.latencies) {
      const bool is_named = choice.step == threshold.metric;
      const auto step = std::find_if(threshold.tags.begin(), threshold.tags.end(), [&](auto& tag) {
        return tag.first == "step" && tag.second == choice.step;
      });
      if ((is_named || step != threshold.tags.end()) && has_it(choice.chart))
        return {choice.chart.id, choice.name};
    }
    // One on all requests is on each step: the first that shows it is the one that failed, if any.
    for (const LatencyChoice& choice : view.latencies) {
      if (has_it(choice.chart)) return {choice.chart.id, choice.name};
    }
  }
  const std::string_view wanted = ChartOfMetric(threshold.metric);
  const bool is_there =
      std::any_of(view.charts.begin(), view.charts.end(),
                  [wanted](const plot::Chart& chart) { return chart.id == wanted; });
  return is_there ? ChartPlace{std::string(wanted), {}} : ChartPlace{};
}

}  // namespace stressbot
