#include "StressBot/dashboard/plot/Plots.h"

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/Envelope.h"
#include "StressBot/dashboard/plot/PlotParts.h"
#include "StressBot/dashboard/plot/ValueTable.h"

namespace stressbot::plot {

namespace {

bool IsShown(const Line& line, const ChartState& state) {
  return !state.hidden.contains(line.name);
}

bool HasValues(const Chart& chart) {
  return std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) {
    return std::any_of(line.values.begin(), line.values.end(),
                       [](double value) { return std::isfinite(value); });
  });
}

/// What all shown lines need. Limits are shown too, unless that would press a linear axis's lines
/// to the ground.
AxisRange WantedRange(const Chart& chart, const PlotFrame& frame, const ChartState& state,
                      std::size_t steps) {
  const bool is_log = chart.scale == Scale::kLog;
  double least = HUGE_VAL;
  double most = -HUGE_VAL;
  for (const Line& line : chart.lines) {
    if (!IsShown(line, state)) continue;
    const auto [low, high] =
        ExtremesIn(frame.points, line, frame.view.from_s(), frame.view.to_s(), is_log);
    least = std::min(least, low);
    most = std::max(most, high);
  }
  constexpr double kLimitAbove = 3;
  const double peak = most;
  for (const Limit& limit : chart.limits) {
    if (!(limit.value > 0)) continue;
    if (!is_log && limit.value > kLimitAbove * peak) continue;
    least = std::min(least, limit.value);
    most = std::max(most, limit.value);
  }
  return is_log ? FitLog(least, most) : FitLinear(chart.unit, most, steps);
}

std::vector<ValueRow> RowsOf(const Canvas& canvas, const Chart& chart, const ChartState& state,
                             const Crosshair& crosshair) {
  std::vector<ValueRow> rows;
  for (const Line& line : chart.lines) {
    if (!IsShown(line, state)) continue;
    const Reading reading = Read(line, crosshair.points);
    rows.push_back({canvas.style().Of(line.color), line.name, ValueTextOf(reading, chart.unit),
                    ExtremesTextOf(reading, chart.unit)});
  }
  return rows;
}

void DrawReading(const Canvas& canvas, const Area& area, const Chart& chart,
                 const ChartState& state, const Crosshair& crosshair) {
  DrawCrosshair(canvas, area, crosshair);
  for (const Line& line : chart.lines) {
    const Reading reading = Read(line, crosshair.points);
    if (!IsShown(line, state) || !std::isfinite(reading.value)) continue;
    const ImVec2 at{area.X(crosshair.at_s), area.Y(reading.value)};
    canvas.list().AddCircleFilled(at, 2.6F * canvas.line_width(), canvas.style().card, 12);
    canvas.list().AddCircleFilled(at, 1.7F * canvas.line_width(), canvas.style().Of(line.color),
                                  12);
  }
}

/// A low chart has its legend beside its title, if there is room for it: lines need the height.
Layout LayoutWithLegend(const Canvas& canvas, const Chart& chart, const ImVec2& size) {
  constexpr float kLowEms = 13;
  const float em = canvas.em();
  const float inner = size.x - 1.2F * em;
  const float width = LegendWidth(canvas, chart);
  const bool is_beside = size.y < kLowEms * em && chart.note.empty() &&
                         Canvas::WidthOf(chart.title) + 2 * em + width <= inner;
  const float height = LegendHeight(canvas, chart, inner, size.y);
  Layout layout = LayoutOf(canvas, size.x, size.y, is_beside ? 0 : height);
  if (!is_beside) return layout;
  layout.legend = {layout.title.right - width - 1, layout.title.top - std::round(0.2F * em),
                   layout.title.right, 0};
  layout.legend.bottom = layout.legend.top + height;
  return layout;
}

void DrawPlot(const Canvas& canvas, const Area& area, const Chart& chart, const PlotFrame& frame,
              const ChartState& state, float bin_px, const Box& table) {
  // What is at the very top is not cut in half.
  Box clip = area.box;
  clip.top -= canvas.em() / 2;
  clip.bottom += canvas.line_width();
  canvas.Clip(clip);
  for (const Line& line : chart.lines) {
    if (IsShown(line, state)) DrawLine(canvas, area, frame.points, line, bin_px);
  }
  canvas.Unclip();
  DrawLimits(canvas, area, chart, frame.texts, table);
  if (chart.unit == Unit::kNanoseconds) DrawSilence(canvas, area, frame, table);
}

}  // namespace

std::optional<std::size_t> Draw(const Chart& chart, const PlotFrame& frame, ChartState& state,
                                const ImVec2& size) {
  const ChartPart part(chart.id, size);
  if (!part.IsVisible()) return {};  // scrolled away
  const Canvas canvas(frame.style);
  const Layout layout = LayoutWithLegend(canvas, chart, size);
  state.plot = layout.plot;
  DrawCard(canvas, layout, chart.title, chart.note);
  const PlotInput input = HandleMouse(layout, frame.view);
  DrawLegend(canvas, layout.legend, chart, state, frame.texts);

  Area area{layout.plot, {frame.view.from_s(), frame.view.to_s()}, {}, chart.scale};
  area.values =
      state.axis.Fit(WantedRange(chart, frame, state, ValueSteps(canvas, area.box.height())),
                     ImGui::GetTime(), ShrinkOf(input, frame.view, state));
  const float bin_px = BinWidth(area, canvas.line_width(), kVerticesABin * chart.lines.size());
  const bool has_values = HasValues(chart);
  std::optional<Crosshair> crosshair;
  std::optional<ValueTable> table;
  if (has_values) crosshair = CrosshairOf(area, frame, bin_px);
  if (crosshair)
    table.emplace(canvas, area.box, layout.card, area.X(crosshair->at_s), input.is_hovered,
                  RowsOf(canvas, chart, state, *crosshair));
  state.values = table ? table->PlacesOfRows() : std::vector<Box>();
  DrawBands(canvas, area, frame);
  DrawTimeAxis(canvas, area, crosshair);
  DrawValueAxis(canvas, area, chart.unit);
  const bool has_shown = std::any_of(chart.lines.begin(), chart.lines.end(),
                                     [&](const Line& line) { return IsShown(line, state); });
  if (has_values) DrawPlot(canvas, area, chart, frame, state, bin_px, table ? table->box() : Box{});
  DrawMarks(canvas, area, frame);
  if (!has_values)
    DrawMessage(canvas, area.box, chart.empty.empty() ? frame.texts.no_data : chart.empty);
  else if (!has_shown)
    DrawMessage(canvas, area.box, frame.texts.all_hidden);
  std::optional<std::size_t> pointed;
  if (input.is_hovered) pointed = PointedMark(canvas, area, frame);
  if (crosshair) {
    DrawReading(canvas, area, chart, state, *crosshair);
    table->Draw(canvas);
  }

  return input.was_clicked ? pointed : std::nullopt;
}

}  // namespace stressbot::plot
