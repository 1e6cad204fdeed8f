#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/PlotParts.h"
#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

std::optional<Crosshair> CrosshairOf(const Area& area, const PlotFrame& frame, float bin_px) {
  const std::optional<double> read = frame.view.crosshair_s();
  if (!read || *read < area.time_s.low || *read > area.time_s.high) return {};
  const std::optional<PointSpan> span = PointsAt(frame.points, *read, area.SecondsOf(bin_px));
  if (!span) return {};
  Crosshair crosshair;
  crosshair.points = *span;
  crosshair.at_s = (frame.points.MiddleOf(span->first) + frame.points.MiddleOf(span->last)) / 2;
  if (crosshair.at_s < area.time_s.low || crosshair.at_s > area.time_s.high) return {};
  const double from = frame.points.from_s[span->first];
  const double to = frame.points.to_s[span->last];
  constexpr double kShort_s = 0.95;
  const int decimals = to - from < kShort_s ? 2 : 0;
  crosshair.moment = MomentText(from, decimals) + " - " + MomentText(to, decimals);
  return crosshair;
}

namespace {

float LabelPad(float em) { return std::round(0.4F * em); }

}  // namespace

Box LabelOf(const Canvas& canvas, const Area& area, const Crosshair& crosshair) {
  const float em = canvas.em();
  const float pad = LabelPad(em);
  const float width = std::ceil(Canvas::WidthOf(crosshair.moment)) + 2 * pad;
  const float least = area.box.left - em;
  const float left = std::round(std::clamp(area.X(crosshair.at_s) - width / 2, least,
                                           std::max(least, area.box.right + pad - width)));
  const float top = area.box.bottom + std::round(0.35F * em);
  return {left, top, left + width, top + std::round(1.2F * em)};
}

void DrawCrosshair(const Canvas& canvas, const Area& area, const Crosshair& crosshair) {
  const float em = canvas.em();
  canvas.Vertical(area.X(crosshair.at_s), area.box.top, area.box.bottom,
                  Faint(canvas.style().text, 0.7));
  const Box box = LabelOf(canvas, area, crosshair);
  canvas.Fill(box, canvas.style().text, std::round(0.2F * em));
  canvas.Text(box.left + LabelPad(em), box.top + 0.1F * em, canvas.style().card, crosshair.moment);
}

AxisFit::Shrink ShrinkOf(const PlotInput& input, const TimeView& view, ChartState& state) {
  const bool is_asked = std::abs(view.span_s() - state.span_s) > 1e-9 ||
                        state.hidden.size() != state.hidden_lines || !view.IsLive();
  state.span_s = view.span_s();
  state.hidden_lines = state.hidden.size();
  const bool somebody_drags = input.is_dragged || ImGui::IsMouseDragging(ImGuiMouseButton_Left);
  if (somebody_drags) return AxisFit::Shrink::kNever;
  return is_asked ? AxisFit::Shrink::kNow : AxisFit::Shrink::kLater;
}

}  // namespace stressbot::plot
