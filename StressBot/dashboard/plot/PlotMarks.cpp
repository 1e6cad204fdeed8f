#include <algorithm>
#include <cmath>
#include <vector>

#include "StressBot/dashboard/plot/PlotParts.h"
#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

namespace {

Rgba ColorOf(Mark::Kind kind, const PlotStyle& style) {
  switch (kind) {
    case Mark::Kind::kEvent:
      return style.event;
    case Mark::Kind::kFailure:
      return style.fail;
    case Mark::Kind::kServerLine:
      return style.quiet;
    case Mark::Kind::kChosen:
      return style.chosen;
  }
  return style.event;
}

/// A server may write a line each millisecond: only flags that do not hide each other are drawn.
class Places {
 public:
  Places(float left, float width, float each)
      : left_(left), each_(each), taken_(static_cast<std::size_t>(width / each) + 2) {}
  bool Take(float x) {
    const auto place = static_cast<std::size_t>(std::max(0.0F, (x - left_) / each_));
    if (place >= taken_.size() || taken_[place]) return false;
    return taken_[place] = true;
  }

 private:
  float left_, each_;
  std::vector<bool> taken_;
};

void DrawKind(const Canvas& canvas, const Area& area, const PlotFrame& frame, Mark::Kind kind) {
  const Rgba color = ColorOf(kind, canvas.style());
  const float size = std::round(0.36F * canvas.em());
  Places places(area.box.left, area.box.width(), size);
  for (const Mark& mark : frame.marks) {
    if (mark.kind != kind || mark.at_s < area.time_s.low || mark.at_s > area.time_s.high) continue;
    const float x = area.X(mark.at_s);
    if (!places.Take(x)) continue;
    const float foot = area.box.bottom + canvas.hairline();
    if (kind == Mark::Kind::kServerLine) {  // mostly of no matter: a small one is enough
      const float half = canvas.hairline();
      canvas.Fill({std::floor(x) - half, foot, std::floor(x) + half, foot + size}, color);
      continue;
    }
    canvas.Vertical(x, area.box.top, area.box.bottom, Faint(color, 0.75));
    canvas.list().AddTriangleFilled({x, foot - size}, {x + size, foot + size},
                                    {x - size, foot + size}, color);
  }
}

}  // namespace

void DrawMarks(const Canvas& canvas, const Area& area, const PlotFrame& frame) {
  // What matters most comes last, above the others.
  for (const Mark::Kind kind :
       {Mark::Kind::kServerLine, Mark::Kind::kEvent, Mark::Kind::kFailure, Mark::Kind::kChosen})
    DrawKind(canvas, area, frame, kind);
}

std::optional<std::size_t> PointedMark(const Canvas& canvas, const Area& area,
                                       const PlotFrame& frame) {
  constexpr int kLinesMax = 8;
  const ImVec2 mouse = ImGui::GetMousePos();
  const float reach = 0.6F * canvas.em();
  if (mouse.y < area.box.bottom - reach || mouse.y > area.box.bottom + 2 * reach) return {};
  std::optional<std::size_t> nearest;
  float least = reach;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < frame.marks.size(); ++i) {
    if (frame.marks[i].at_s < area.time_s.low || frame.marks[i].at_s > area.time_s.high) continue;
    const float distance = std::abs(area.X(frame.marks[i].at_s) - mouse.x);
    if (distance > reach) continue;
    all.push_back(i);
    if (distance > least) continue;
    least = distance;
    nearest = i;
  }
  if (all.empty()) return {};
  // There may be many lines of the server; they are told last.
  std::stable_partition(all.begin(), all.end(), [&](std::size_t i) {
    return frame.marks[i].kind != Mark::Kind::kServerLine;
  });
  ImGui::BeginTooltip();
  for (std::size_t i = 0; i < all.size() && i < kLinesMax; ++i) {
    const Mark& mark = frame.marks[all[i]];
    const ImVec4 color = ImGui::ColorConvertU32ToFloat4(ColorOf(mark.kind, canvas.style()));
    ImGui::TextColored(color, "%s", MomentText(mark.at_s, 1).c_str());
    ImGui::SameLine();
    ImGui::TextUnformatted(Canvas::Shortened(mark.text, 40 * canvas.em()).c_str());
  }
  if (all.size() > kLinesMax) ImGui::Text("+ %d", static_cast<int>(all.size()) - kLinesMax);
  ImGui::EndTooltip();
  return nearest;
}

}  // namespace stressbot::plot
