#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/PlotParts.h"
#include "StressBot/dashboard/plot/Ticks.h"

// What is around and behind the lines: card, axes, bands.

namespace stressbot::plot {

namespace {

/// Room for numbers, the same in all charts: as wide as the widest there may be.
float AxisWidth(const Canvas& canvas) {
  return std::ceil(Canvas::WidthOf("888 MB/s") + 0.9F * canvas.em());
}

std::size_t StepsIn(float length, float each) {
  return static_cast<std::size_t>(std::max(1.0F, std::floor(length / each)));
}

}  // namespace

float BinWidth(const Area& area, float least_px, std::size_t vertices_a_bin) {
  constexpr float kVerticesMax = 40'000;  // of 65,536; text and marks need some
  return std::max(least_px, area.box.width() * static_cast<float>(vertices_a_bin) / kVerticesMax);
}

ChartPart::ChartPart(const std::string& id, const ImVec2& size)
    : is_visible_(
          ImGui::BeginChild(id.c_str(), size, false,
                            ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse |
                                ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NavFlattened)) {}

Layout LayoutOf(const Canvas& canvas, float width, float height, float legend_height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float em = canvas.em();
  Layout layout;
  layout.card = {std::floor(at.x), std::floor(at.y), std::floor(at.x + width),
                 std::floor(at.y + height)};
  const float pad = std::round(0.6F * em);
  layout.title = {layout.card.left + pad, layout.card.top + std::round(0.4F * em),
                  layout.card.right - pad, 0};
  layout.title.bottom = layout.title.top + em;
  layout.legend = {layout.card.left + pad, 0, layout.card.right - pad,
                   layout.card.bottom - std::round(0.4F * em)};
  layout.legend.top = layout.legend.bottom - legend_height;
  const float axis_height = std::round(1.6F * em);
  layout.plot = {layout.card.left + AxisWidth(canvas), layout.title.bottom + std::round(0.6F * em),
                 layout.card.right - std::round(0.9F * em), layout.legend.top - axis_height};
  layout.plot.right = std::max(layout.plot.right, layout.plot.left + em);
  layout.plot.bottom = std::max(layout.plot.bottom, layout.plot.top + em);
  layout.input = layout.plot;
  layout.input.bottom += axis_height;
  return layout;
}

void DrawCard(const Canvas& canvas, const Layout& layout, const std::string& title,
              const std::string& note) {
  const float rounding = std::round(0.45F * canvas.em());
  canvas.Fill(layout.card, canvas.style().card, rounding);
  canvas.Outline(layout.card, canvas.style().line, rounding);
  const float room = layout.title.width();
  const std::string shown = Canvas::Shortened(title, room);
  canvas.Text(layout.title.left, layout.title.top, canvas.style().text, shown);
  const float left = room - Canvas::WidthOf(shown) - canvas.em();
  if (note.empty() || left < 4 * canvas.em()) return;
  canvas.TextRight(layout.title.right, layout.title.top, canvas.style().quiet,
                   Canvas::Shortened(note, left));
}

void DrawBands(const Canvas& canvas, const Area& area, const PlotFrame& frame) {
  for (const Band& band : frame.bands) {
    if (band.to_s <= area.time_s.low || band.from_s >= area.time_s.high) continue;
    const PlotStyle& style = canvas.style();
    Rgba color = style.unmeasured;
    if (band.kind == Band::Kind::kPaused) color = style.paused;
    if (band.kind == Band::Kind::kIncident) color = style.stuck;
    if (band.kind == Band::Kind::kSilent) continue;  // it is told in words
    const float left = std::floor(area.X(std::max(band.from_s, area.time_s.low)));
    const float right = std::ceil(area.X(std::min(band.to_s, area.time_s.high)));
    canvas.Fill({left, area.box.top, std::max(right, left + canvas.hairline()), area.box.bottom},
                color);
  }
}

void DrawTimeAxis(const Canvas& canvas, const Area& area,
                  const std::optional<Crosshair>& crosshair) {
  const float em = canvas.em();
  Box taken;
  if (crosshair) taken = LabelOf(canvas, area, *crosshair);
  const float bottom = area.box.bottom;
  const std::string longest = MomentText(area.time_s.high, area.time_s.high < 3600 ? 2 : 0);
  const float each = std::max(Canvas::WidthOf(longest) * 1.5F, 4 * em);
  for (const Tick& tick : TimeTicks(area.time_s, StepsIn(area.box.width(), each))) {
    const float x = area.X(tick.value);
    canvas.Vertical(x, area.box.top, bottom, canvas.style().grid);
    canvas.Vertical(x, bottom, bottom + std::round(0.3F * em), canvas.style().line);
    const float width = Canvas::WidthOf(tick.label);
    const float left = std::min(x - width / 2, area.box.right + 0.6F * em - width);
    if (left < taken.right && left + width > taken.left) continue;
    canvas.Text(left, bottom + std::round(0.45F * em), canvas.style().quiet, tick.label);
  }
}

std::size_t ValueSteps(const Canvas& canvas, float height) {
  return StepsIn(height, 2.2F * canvas.em());
}

void DrawValueAxis(const Canvas& canvas, const Area& area, Unit unit) {
  const float apart = 1.5F * canvas.em();
  const auto length = static_cast<double>(area.box.height());
  const std::vector<Tick> ticks =
      area.scale == Scale::kLog
          ? LogTicks(unit, area.values, length, static_cast<double>(apart))
          : LinearTicks(unit, area.values, ValueSteps(canvas, area.box.height()));
  for (const Tick& tick : ticks) {
    const float y = area.Y(tick.value);
    canvas.Horizontal(area.box.left, area.box.right, y, canvas.style().grid);
    canvas.TextRight(area.box.left - std::round(0.5F * canvas.em()), y - canvas.em() / 2,
                     canvas.style().quiet, tick.label);
  }
  canvas.Horizontal(area.box.left, area.box.right, area.box.bottom, canvas.style().line);
}

void DrawSilence(const Canvas& canvas, const Area& area, const PlotFrame& frame, const Box& table) {
  const std::string& text = frame.texts.no_replies;
  const float width = Canvas::WidthOf(text);
  const float pad = 0.3F * canvas.em();
  for (const Band& band : frame.bands) {
    if (band.kind != Band::Kind::kSilent) continue;
    if (band.to_s <= area.time_s.low || band.from_s >= area.time_s.high) continue;
    const float left = area.X(std::max(band.from_s, area.time_s.low));
    const float right = area.X(std::min(band.to_s, area.time_s.high));
    if (right - left < canvas.em() / 2) continue;
    const float most = std::max(area.box.left + pad, area.box.right - width - pad);
    const float x = std::clamp((left + right - width) / 2, area.box.left + pad, most);
    const float y = (area.box.top + area.box.bottom - canvas.em()) / 2;
    if (table.Touches({x, y, x + width, y + canvas.em()})) continue;
    canvas.TextOnCard(x, y, canvas.style().text, text);
  }
}

void DrawMessage(const Canvas& canvas, const Box& plot, const std::string& text) {
  const std::string shown = Canvas::Shortened(text, plot.width());
  canvas.TextOnCard((plot.left + plot.right - Canvas::WidthOf(shown)) / 2,
                    (plot.top + plot.bottom - canvas.em()) / 2, canvas.style().quiet, shown);
}

}  // namespace stressbot::plot
