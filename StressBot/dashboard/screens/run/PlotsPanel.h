#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Plots.h"
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// All plots of the run on one axis of time, and what of it is shown.
class PlotsPanel {
 public:
  /// Fills what is left of the window.
  void Draw(const RunContext& run);
  /// Keys: A D W S move and zoom, L back to live, 1 2 3 how much is shown.
  static void Obey(const RunContext& run);
  /// Another run has plots of its own.
  void Reset();

 private:
  void TakePlaces(const RunView& view);
  /// The one that somebody chose, else the one that was first when the run had begun: that errors
  /// or counts put another one first moves nothing. Null without any.
  const LatencyChoice* ChosenLatency(const RunContext& run);
  void DrawTools(const RunContext& run);
  void DrawStepChoice(const RunContext& run);
  void DrawGrid(const RunContext& run);
  void TakeMarks(const RunContext& run);

  std::map<std::string, plot::ChartState> states_;  ///< by id
  /// Ids in the order in which they are drawn. Those that come later come last: what somebody looks
  /// at stays where it is.
  std::vector<std::string> places_;
  std::string first_step_;  ///< as metrics call it; empty: there was none yet
  std::shared_ptr<const RunView> marks_of_;
  std::optional<ChosenMark> chosen_;  ///< in marks_
  std::vector<plot::Mark> marks_;
  int columns_ = 0;  ///< 0: as many as fit
};

}  // namespace stressbot::run
