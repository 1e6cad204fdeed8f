#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Area.h"
#include "StressBot/dashboard/plot/AxisFit.h"
#include "StressBot/dashboard/plot/Chart.h"
#include "StressBot/dashboard/plot/PlotStyle.h"
#include "StressBot/dashboard/plot/TimeView.h"

struct ImVec2;

/// Draws charts into the current ImGui window. Lengths follow the size of the font. The wheel zooms
/// and a drag moves all charts of one TimeView, a double click goes back to live; a click on a name
/// in the legend hides the line, a right or double click there shows only it.
/// Thread: the one of ImGui. Cost: a chart's points in sight, and at most some eight
/// vertices for each line and pixel of its width.
namespace stressbot::plot {

/// What a chart remembers from frame to frame. One for each chart.
struct ChartState {
  std::set<std::string> hidden;  ///< names of lines
  AxisFit axis;
  double span_s = 0;             ///< of time, shown last
  std::size_t hidden_lines = 0;  ///< then
  // Where these were drawn last, for tests that point at them.
  Box plot;
  std::vector<Box> names;   ///< in the legend, by line
  std::vector<Box> values;  ///< in the table at the crosshair, by line that is shown
};

/// What all charts on one time axis share. All outlives the call; nothing is kept.
struct PlotFrame {
  const Points& points;
  const std::vector<Mark>& marks;
  const std::vector<Band>& bands;
  TimeView& view;
  const PlotTexts& texts;
  const PlotStyle& style;
};

/// Draws one chart where the cursor of the window is. The chart is then the last item, with its
/// whole size. Returns the place of the mark that was clicked.
/// After the last chart of a frame: PlotFrame::view.EndFrame().
std::optional<std::size_t> Draw(const Chart& chart, const PlotFrame& frame, ChartState& state,
                                const ImVec2& size);
/// Latencies by count.
std::optional<std::size_t> DrawHeat(const Heat& heat, const PlotFrame& frame, ChartState& state,
                                    const ImVec2& size);

}  // namespace stressbot::plot
