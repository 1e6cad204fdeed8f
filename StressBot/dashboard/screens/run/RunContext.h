#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/dashboard/model/RunHost.h"
#include "StressBot/dashboard/model/RunLists.h"
#include "StressBot/dashboard/plot/TimeView.h"
#include "StressBot/dashboard/ui/Ui.h"

/// The parts of the screen of a run. Each draws where the cursor of ImGui's window is.
/// Thread: the one that draws.
namespace stressbot::run {

/// What there is of the run in this frame.
struct RunNow {
  RunHost::State state = RunHost::State::kNone;
  std::optional<RunStatus> status;
  std::shared_ptr<const RunView> view;  ///< null before the first interval
  std::vector<ServerLine> server_lines;
  std::uint64_t server_lines_version = 0;
  std::vector<std::string> complaints;

  bool goes_on() const {
    return state == RunHost::State::kPreparing || state == RunHost::State::kRunning;
  }
};

enum class Tab : std::uint8_t { kControl, kSteps, kEvents, kServer, kFailures };

/// What somebody looks at, shared by all parts.
struct RunFocus {
  plot::TimeView time;
  std::optional<ChosenMark> mark;
  std::size_t failure = 0;        ///< a place in RunResult::first_failures
  std::optional<Tab> wanted_tab;  ///< to be opened in the next frame
  Tab shown_tab = Tab::kControl;
  std::string wanted_chart;  ///< id of a plot to be brought into sight
  std::string step;          ///< whose latencies somebody wants to see plotted; empty: any
  std::string last_answer;   ///< to a command
  bool was_refused = false;
  bool is_new_run_wanted = false;
};

struct RunContext {
  Ui& ui;
  RunHost& host;
  const RunNow& now;
  RunFocus& focus;

  /// Does it and tells the answer.
  void Do(const ControlCommand& command) const;
  /// Opens a failure's conversation.
  void ShowFailure(std::size_t place) const;
  /// Shows a mark on all plots and in the log.
  void ShowMark(const plot::Mark& mark) const;
};

}  // namespace stressbot::run
