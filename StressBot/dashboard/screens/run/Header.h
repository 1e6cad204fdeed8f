#pragma once
#include <functional>
#include <string>

#include "StressBot/dashboard/screens/run/RunContext.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/dashboard/screens/run/SaveReports.h"

namespace stressbot::run {

/// What is always in sight: which run, how far it is, what it does this second, its verdict so far,
/// and what can be done with it.
class Header {
 public:
  /// The run as command line, for the clipboard; without it there is no such button.
  void set_command_line(std::function<std::string()> text) { command_line_ = std::move(text); }

  void Draw(const RunContext& run, SaveReports& save);

 private:
  /// Returns where they begin.
  float DrawButtons(const RunContext& run, SaveReports& save, float right);
  /// Name, state and progress, left of `right`. Returns where they end, below.
  static float DrawTitle(const RunContext& run, const Card& card, float right);

  std::function<std::string()> command_line_;
};

/// Pauses, or lets it go on.
void TogglePause(const RunContext& run);

}  // namespace stressbot::run
