#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Canvas.h"
#include "StressBot/dashboard/plot/Plots.h"
#include "StressBot/dashboard/plot/Reading.h"

/// What charts and heat maps have in common. Only for the sources of dashboard/plot.
namespace stressbot::plot {

/// Where the crosshair is, if it is in sight: at the middle of the points that it reads.
struct Crosshair {
  PointSpan points;
  double at_s = 0;
  std::string moment;
};
/// It reads as much as one bin shows.
std::optional<Crosshair> CrosshairOf(const Area& area, const PlotFrame& frame, float bin_px);

/// How wide bins are: `least_px`, or more where a picture would have too many vertices.
float BinWidth(const Area& area, float least_px, std::size_t vertices_a_bin);

/// A chart's part of the window, which has a draw list of its own: indices of 16 bits, which old
/// OpenGL is limited to, would not do for all charts together.
class ChartPart {
 public:
  ChartPart(const std::string& id, const ImVec2& size);
  ~ChartPart() { ImGui::EndChild(); }
  ChartPart(const ChartPart&) = delete;
  ChartPart& operator=(const ChartPart&) = delete;
  bool IsVisible() const { return is_visible_; }

 private:
  bool is_visible_;
};

/// The places of a chart's parts.
struct Layout {
  Box card;    ///< all of it
  Box title;   ///< one line
  Box plot;    ///< where lines are
  Box input;   ///< the plot and its time axis: what the mouse zooms and drags
  Box legend;  ///< under it
};
/// All charts of one width have their plots at the same place, so that one moment is one x.
Layout LayoutOf(const Canvas& canvas, float width, float height, float legend_height);

void DrawCard(const Canvas& canvas, const Layout& layout, const std::string& title,
              const std::string& note);
void DrawBands(const Canvas& canvas, const Area& area, const PlotFrame& frame);
/// Labels give way to the crosshair's.
void DrawTimeAxis(const Canvas& canvas, const Area& area,
                  const std::optional<Crosshair>& crosshair);
/// How many steps a linear axis of that height has room for.
std::size_t ValueSteps(const Canvas& canvas, float height);
void DrawValueAxis(const Canvas& canvas, const Area& area, Unit unit);
/// "no replies", where a chart of latencies has nothing to draw. Words give way to the table of
/// values, here and at limits: half of them would only disturb.
void DrawSilence(const Canvas& canvas, const Area& area, const PlotFrame& frame, const Box& table);
/// In the middle of the plot.
void DrawMessage(const Canvas& canvas, const Box& plot, const std::string& text);

void DrawMarks(const Canvas& canvas, const Area& area, const PlotFrame& frame);
/// The mark whose flag is under the mouse; with a tooltip of all that are there.
std::optional<std::size_t> PointedMark(const Canvas& canvas, const Area& area,
                                       const PlotFrame& frame);

/// What the mouse did to a plot.
struct PlotInput {
  bool is_hovered = false, is_dragged = false, was_clicked = false;
};
/// Zooms, moves, and tells the view what moment the mouse is at. Makes the item for that.
PlotInput HandleMouse(const Layout& layout, TimeView& view);

/// Lines, with their extremes; hidden ones are left out.
void DrawLine(const Canvas& canvas, const Area& area, const Points& points, const Line& line,
              float bin_px);
inline constexpr std::size_t kVerticesABin = 8;  ///< of a line, at most
void DrawLimits(const Canvas& canvas, const Area& area, const Chart& chart, const PlotTexts& texts,
                const Box& table);

/// In one row.
float LegendWidth(const Canvas& canvas, const Chart& chart);
/// At most a third of the height of the chart.
float LegendHeight(const Canvas& canvas, const Chart& chart, float width, float height);
/// Its names can be clicked, or pressed with the keyboard.
void DrawLegend(const Canvas& canvas, const Box& box, const Chart& chart, ChartState& state,
                const PlotTexts& texts);

/// The crosshair's line, and its moment at the time axis.
void DrawCrosshair(const Canvas& canvas, const Area& area, const Crosshair& crosshair);
Box LabelOf(const Canvas& canvas, const Area& area, const Crosshair& crosshair);  ///< the latter

/// How an axis may change now.
AxisFit::Shrink ShrinkOf(const PlotInput& input, const TimeView& view, ChartState& state);

}  // namespace stressbot::plot
