#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/dashboard/model/RunHost.h"
#include "StressBot/dashboard/model/RunView.h"
#include "StressBot/dashboard/ui/Texts.h"

/// What a screen says of a run, before it is drawn.
namespace stressbot {

/// In which colour something is told.
enum class Tone : std::uint8_t { kPlain, kQuiet, kPass, kWarn, kFail };

struct RunStanding {
  std::string_view name;  ///< for tests, the same in all languages: "running"
  Text text = Text::kRunNone;
  Tone tone = Tone::kQuiet;
};
RunStanding StandingOf(RunHost::State state, const std::optional<RunStatus>& status);

/// How far it is.
struct RunProgress {
  double seconds = 0;  ///< since the start of the run
  double share = 0;    ///< of the planned load, 0 to 1
  std::string text;    ///< "12 s of 1 min 00 s"; empty before it began
};
RunProgress ProgressOf(const std::optional<RunStatus>& status, const RunView* view,
                       const Texts& tr);

/// The exit code the run has, or would have if it ended now.
struct RunVerdict {
  std::string text;  ///< "PASS 0"; "-" while nothing can be said
  Tone tone = Tone::kQuiet;
};
RunVerdict VerdictOf(const RunView* view);

/// A threshold as a small label, green or red.
struct ThresholdChip {
  Tone tone = Tone::kQuiet;
  std::string name;    ///< "chat_rtt{step:chat}"
  std::string value;   ///< "≥ 6.39 ms"
  std::string limit;   ///< "p(99)<250ms"
  std::string detail;  ///< one line more, or empty
};
ThresholdChip ChipOf(const ThresholdResult& result, bool is_over, const Texts& tr);

/// A latency beside what it may be.
struct LatencyGauge {
  ThresholdChip chip;
  double share = 0;  ///< of the limit; above 1 it failed
};
/// Of all thresholds that keep latencies below something; those that failed first.
std::vector<LatencyGauge> LatencyGauges(const RunView& view, const Texts& tr);

/// A sentence across the screen.
struct RunBanner {
  Tone tone = Tone::kWarn;
  std::string title, text;
};
/// What whoever watches must know first: the server died, nothing works, this machine is the
/// bottleneck. Failed thresholds are no banners: their labels are red.
std::vector<RunBanner> BannersOf(const RunView& view, const Texts& tr);

/// 858 → "858", 8.58 → "8.6", as a figure that changes each second.
std::string RateText(double per_second);

/// The plot that shows what a threshold is about.
struct ChartPlace {
  std::string id;    ///< of the chart; empty: none does
  std::string step;  ///< whose latencies are to be chosen; empty: it is no chart of these
};
ChartPlace ChartOf(const RunView& view, const Threshold& threshold);

}  // namespace stressbot
