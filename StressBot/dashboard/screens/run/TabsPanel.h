#pragma once
#include "StressBot/dashboard/screens/run/Controls.h"
#include "StressBot/dashboard/screens/run/EventLog.h"
#include "StressBot/dashboard/screens/run/FailuresPanel.h"
#include "StressBot/dashboard/screens/run/RunContext.h"
#include "StressBot/dashboard/screens/run/ServerOutput.h"
#include "StressBot/dashboard/screens/run/StepTable.h"

namespace stressbot::run {

/// Below the plots: hands on, steps, events, the server's output, failures.
class TabsPanel {
 public:
  /// Of a room of that height, above which the plots are.
  float HeightOf(float room);
  float splitter_height() const;
  /// The splitter, then the tabs.
  void Draw(const RunContext& run, float height);
  void Reset();

 private:
  void DrawSplitter(const RunContext& run);
  void DrawTab(const RunContext& run, Tab tab);
  void DrawContent(const RunContext& run, Tab tab);

  float share_ = 0;  ///< of the room, as somebody wants it; 0: what plots leave
  bool is_large_ = false;
  float room_ = 0, height_ = 0;
  bool was_going_on_ = false;
  Controls controls_;
  StepTable steps_;
  EventLog events_;
  ServerOutput server_;
  FailuresPanel failures_;
};

}  // namespace stressbot::run
