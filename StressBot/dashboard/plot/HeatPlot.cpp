#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/PlotParts.h"
#include "StressBot/dashboard/plot/Plots.h"
#include "StressBot/dashboard/plot/Ticks.h"
#include "StressBot/dashboard/plot/ValueTable.h"
#include "StressBot/metrics/Format.h"

namespace stressbot::plot {

namespace {

Rgba ColorOfShade(const PlotStyle& style, int shade) {
  return Faint(style.Of(Color::kBlue), 0.16 + 0.12 * shade);
}

/// The edge of a row. The lowest may be zero, which a log axis cannot show.
double EdgeOf(const Heat& heat, std::size_t edge) {
  const double value = heat.edges_ns[edge];
  return value > 0 || edge + 1 >= heat.edges_ns.size() ? value : heat.edges_ns[edge + 1] / 2;
}

/// From one row below those that have something in sight to one above.
AxisRange WantedRange(const Heat& heat, const std::vector<HeatBin>& bins) {
  std::size_t first = heat.edges_ns.size();
  std::size_t last = 0;
  for (const HeatBin& bin : bins) {
    for (const Heat::Cell& cell : bin.cells) {
      first = std::min<std::size_t>(first, cell.row);
      last = std::max<std::size_t>(last, cell.row);
    }
  }
  if (first > last) return FitLog(HUGE_VAL, -HUGE_VAL);
  const std::size_t top = std::min(last + 2, heat.edges_ns.size() - 1);
  return FitLog(EdgeOf(heat, first > 0 ? first - 1 : 0), EdgeOf(heat, top));
}

std::uint64_t MostOf(const std::vector<HeatBin>& bins) {
  std::uint64_t most = 1;
  for (const HeatBin& bin : bins) {
    for (const Heat::Cell& cell : bin.cells) most = std::max(most, cell.count);
  }
  return most;
}

void DrawCells(const Canvas& canvas, const Area& area, const Heat& heat,
               const std::vector<HeatBin>& bins, std::uint64_t most) {
  canvas.Clip(area.box);
  for (const HeatBin& bin : bins) {
    const float left = std::floor(area.X(bin.from_s));
    const float right = std::max(std::floor(area.X(bin.to_s)), left + canvas.hairline());
    for (const Heat::Cell& cell : bin.cells) {
      const float top = std::round(area.Y(EdgeOf(heat, cell.row + 1)));
      const float bottom = std::round(area.Y(EdgeOf(heat, cell.row)));
      canvas.list().AddRectFilled({left, top}, {right, std::max(bottom, top + canvas.hairline())},
                                  ColorOfShade(canvas.style(), ShadeOf(cell.count, most)));
    }
  }
  canvas.Unclip();
}

/// "requests in a cell: 1 (from faint to dark) 2,345".
void DrawRamp(const Canvas& canvas, const Box& box, std::uint64_t most, const PlotTexts& texts) {
  const float em = canvas.em();
  const float y = std::round((box.top + box.bottom - em) / 2);
  const std::string name = texts.count_in_cell + ": 1";
  canvas.Text(box.left, y, canvas.style().quiet, name);
  float x = std::round(box.left + Canvas::WidthOf(name) + 0.5F * em);
  const float width = std::round(1.1F * em);
  for (int shade = 0; shade < kHeatShades; ++shade, x += width)
    canvas.Fill({x, y + 1, x + width, y + em - 1}, ColorOfShade(canvas.style(), shade));
  canvas.Text(x + 0.5F * em, y, canvas.style().quiet, FormatCount(most));
}

std::string RangeText(const Heat& heat, std::size_t row) {
  return ValueText(Unit::kNanoseconds, heat.edges_ns[row]) + " - " +
         ValueText(Unit::kNanoseconds, heat.edges_ns[row + 1]);
}

/// The cell under the mouse, or else the fullest; and how many there are in all rows.
std::vector<ValueRow> RowsOf(const Canvas& canvas, const Area& area, const Heat& heat,
                             const HeatBin& bin, std::uint64_t most, const PlotTexts& texts) {
  const float mouse = ImGui::GetMousePos().y;
  const Heat::Cell* fullest = nullptr;
  const Heat::Cell* pointed = nullptr;
  std::uint64_t sum = 0;
  for (const Heat::Cell& cell : bin.cells) {
    sum += cell.count;
    if (fullest == nullptr || cell.count > fullest->count) fullest = &cell;
    if (mouse >= area.Y(EdgeOf(heat, cell.row + 1)) && mouse < area.Y(EdgeOf(heat, cell.row)))
      pointed = &cell;
  }
  std::vector<ValueRow> rows;
  if (const Heat::Cell* cell = pointed != nullptr ? pointed : fullest; cell != nullptr)
    rows.push_back({ColorOfShade(canvas.style(), ShadeOf(cell->count, most)),
                    RangeText(heat, cell->row),
                    FormatCount(cell->count),
                    {}});
  rows.push_back({0, texts.requests, FormatCount(sum), {}});
  return rows;
}

/// The table of the bin that the crosshair is at.
std::optional<ValueTable> TableOf(const Canvas& canvas, const Area& area, const Box& card,
                                  const Heat& heat, const std::vector<HeatBin>& bins,
                                  std::uint64_t most, const Crosshair& crosshair, bool is_pointed,
                                  const PlotTexts& texts) {
  const auto bin = std::find_if(bins.begin(), bins.end(), [&](const HeatBin& each) {
    return crosshair.at_s >= each.from_s && crosshair.at_s < each.to_s;
  });
  if (bin == bins.end()) return {};
  return ValueTable(canvas, area.box, card, area.X(crosshair.at_s), is_pointed,
                    RowsOf(canvas, area, heat, *bin, most, texts));
}

}  // namespace

std::optional<std::size_t> DrawHeat(const Heat& heat, const PlotFrame& frame, ChartState& state,
                                    const ImVec2& size) {
  const ChartPart part(heat.id, size);
  if (!part.IsVisible()) return {};
  const Canvas canvas(frame.style);
  const Layout layout = LayoutOf(canvas, size.x, size.y, std::round(1.4F * canvas.em()));
  state.plot = layout.plot;
  DrawCard(canvas, layout, heat.title, {});
  const PlotInput input = HandleMouse(layout, frame.view);

  Area area{layout.plot, {frame.view.from_s(), frame.view.to_s()}, {}, Scale::kLog};
  // Cells of a few pixels: narrower ones could not be told apart.
  const float bin_px = BinWidth(area, std::round(0.3F * canvas.em()), 4 * heat.edges_ns.size());
  const std::vector<HeatBin> bins =
      HeatBins(frame.points, heat, area.time_s.low, area.time_s.high, area.SecondsOf(bin_px));
  area.values =
      state.axis.Fit(WantedRange(heat, bins), ImGui::GetTime(), ShrinkOf(input, frame.view, state));
  const std::uint64_t most = MostOf(bins);

  const bool has_cells = std::any_of(heat.columns.begin(), heat.columns.end(),
                                     [](const auto& column) { return !column.empty(); });
  std::optional<Crosshair> crosshair;
  std::optional<ValueTable> table;
  if (has_cells) crosshair = CrosshairOf(area, frame, bin_px);
  if (crosshair)
    table = TableOf(canvas, area, layout.card, heat, bins, most, *crosshair, input.is_hovered,
                    frame.texts);
  DrawBands(canvas, area, frame);
  DrawTimeAxis(canvas, area, crosshair);
  DrawValueAxis(canvas, area, Unit::kNanoseconds);
  if (has_cells) {
    DrawCells(canvas, area, heat, bins, most);
    DrawSilence(canvas, area, frame, table ? table->box() : Box{});
    DrawRamp(canvas, layout.legend, most, frame.texts);
  } else {
    DrawMessage(canvas, area.box, frame.texts.no_data);
  }
  DrawMarks(canvas, area, frame);
  std::optional<std::size_t> pointed;
  if (input.is_hovered) pointed = PointedMark(canvas, area, frame);
  if (crosshair) DrawCrosshair(canvas, area, *crosshair);
  if (table) table->Draw(canvas);

  return input.was_clicked ? pointed : std::nullopt;
}

}  // namespace stressbot::plot
