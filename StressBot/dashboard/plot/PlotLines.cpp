#include <algorithm>
#include <cmath>
#include <vector>

#include "StressBot/dashboard/plot/Envelope.h"
#include "StressBot/dashboard/plot/PlotParts.h"

namespace stressbot::plot {

namespace {

/// Extremes between neighbours, as one quad each.
class BandPainter {
 public:
  BandPainter(const Canvas& canvas, Rgba color) : list_(canvas.list()), color_(color) {}
  void Add(float left, float left_top, float left_bottom, float right, float right_top,
           float right_bottom) {
    const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
    list_.PrimReserve(6, 4);
    list_.PrimQuadUV({left, left_top}, {right, right_top}, {right, right_bottom},
                     {left, left_bottom}, uv, uv, uv, uv, color_);
  }

 private:
  ImDrawList& list_;
  Rgba color_;
};

/// The means, joined.
class PathPainter {
 public:
  PathPainter(const Canvas& canvas, Rgba color)
      : list_(canvas.list()), color_(color), width_(canvas.line_width()) {}
  ~PathPainter() { Finish(); }
  PathPainter(const PathPainter&) = delete;
  PathPainter& operator=(const PathPainter&) = delete;

  void Add(ImVec2 at, bool starts) {
    if (starts) Finish();
    if (IsSharp(at)) {
      // ImGui draws the tips of sharp bends far too long: a peak would look higher than it is.
      const ImVec2 bend = path_.back();
      Stroke();
      path_.push_back(bend);
    }
    path_.push_back(at);
  }

 private:
  bool IsSharp(ImVec2 at) const {
    if (path_.size() < 2) return false;
    const ImVec2 a = path_[path_.size() - 2];
    const ImVec2 b = path_.back();
    const float dot = (b.x - a.x) * (at.x - b.x) + (b.y - a.y) * (at.y - b.y);
    return dot < 0.0F;
  }
  void Stroke() {
    if (path_.size() > 1)
      list_.AddPolyline(path_.data(), static_cast<int>(path_.size()), color_, 0, width_);
    path_.clear();
  }
  void Finish() {
    // One value alone has no line, and must be seen all the same.
    if (path_.size() == 1) list_.AddCircleFilled(path_.front(), 1.2F * width_, color_, 8);
    Stroke();
  }

  ImDrawList& list_;
  Rgba color_;
  float width_;
  std::vector<ImVec2> path_;
};

void DrawExtremes(const Canvas& canvas, const Area& area, const std::vector<EnvelopeBin>& bins,
                  float bin_px, Rgba color) {
  BandPainter faint(canvas, Faint(color, 0.2));
  BandPainter strong(canvas, Faint(color, 0.5));
  const float half = bin_px / 2;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const EnvelopeBin& bin = bins[i];
    const float x = area.X(bin.at_s);
    const float top = area.Y(bin.high);
    const float bottom = area.Y(bin.low);
    const bool has_band = bin.high > bin.low;
    // What several points share is told by a bar of their own: a single spike among thousands would
    // be too faint as a part of a band.
    if (has_band && bin.points > 1) strong.Add(x - half, top, bottom, x + half, top, bottom);
    if (i == 0 || bin.starts) continue;
    const EnvelopeBin& before = bins[i - 1];
    if (!has_band && !(before.high > before.low)) continue;
    if (bin.points > 1 && before.points > 1) continue;
    faint.Add(area.X(before.at_s), area.Y(before.high), area.Y(before.low), x, top, bottom);
  }
}

/// An arrow up on what is only known as "at least".
void DrawBounds(const Canvas& canvas, const Area& area, const std::vector<EnvelopeBin>& bins,
                Rgba color) {
  const float half = std::round(0.28F * canvas.em());
  float free = -HUGE_VALF;
  for (const EnvelopeBin& bin : bins) {
    const float x = area.X(bin.at_s);
    if (!bin.at_least || x < free) continue;
    const float y = area.Y(bin.value);
    canvas.list().AddTriangleFilled({x - half, y + half}, {x, y - 1.2F * half},
                                    {x + half, y + half}, color);
    free = x + 2 * half;
  }
}

/// The name of a limit, shortened, and beside it whether it failed.
std::string NameOf(const Limit& limit, float room, const PlotTexts& texts) {
  const std::string more = limit.passed ? std::string() : " " + texts.failed;
  return Canvas::Shortened(limit.name, room - Canvas::WidthOf(more)) + more;
}

/// Above its line; or below, where it would leave the plot or another limit would strike it
/// through.
float NameTop(const Area& area, const Chart& chart, const Limit& limit, float y, float em) {
  const float above = y - em - 2;
  const float below = y + 2;
  const auto is_struck = [&](float top) {
    return std::any_of(chart.limits.begin(), chart.limits.end(), [&](const Limit& other) {
      const float line = area.Y(other.value);
      return &other != &limit && line > top && line < top + em;
    });
  };
  if (above < area.box.top) return below;
  return is_struck(above) && !is_struck(below) ? below : above;
}

}  // namespace

void DrawLine(const Canvas& canvas, const Area& area, const Points& points, const Line& line,
              float bin_px) {
  const Rgba color = canvas.style().Of(line.color);

  const std::vector<EnvelopeBin> bins =
      Envelope(points, line, area.time_s.low, area.time_s.high, area.SecondsOf(bin_px));
  DrawExtremes(canvas, area, bins, bin_px, color);
  {
    PathPainter path(canvas, color);
    for (const EnvelopeBin& bin : bins) path.Add({area.X(bin.at_s), area.Y(bin.value)}, bin.starts);
  }
  DrawBounds(canvas, area, bins, color);
}

void DrawLimits(const Canvas& canvas, const Area& area, const Chart& chart, const PlotTexts& texts,
                const Box& table) {
  const float em = canvas.em();
  const float gap = std::round(0.4F * em);
  std::vector<Box> names;  // of limits that are close to each other stand side by side
  for (const Limit& limit : chart.limits) {
    const Rgba color = limit.passed ? canvas.style().quiet : canvas.style().fail;
    const bool is_beyond = limit.value > area.values.high;
    const float y = is_beyond ? area.box.top : area.Y(limit.value);
    if (!is_beyond) canvas.Dashed(area.box.left, area.box.right, y, color);
    const std::string name = NameOf(limit, area.box.width() / 2, texts);
    const float width = Canvas::WidthOf(name);
    const float top = NameTop(area, chart, limit, y, em);
    Box box{area.box.right - gap - width, top, area.box.right - gap, top + em};
    for (const Box& other : names) {
      if (box.top >= other.bottom || box.bottom <= other.top || box.right < other.left) continue;
      box.right = other.left - 2 * gap;
      box.left = box.right - width;
    }
    if (box.left < area.box.left || box.Touches(table)) continue;
    canvas.TextOnCard(box.left, box.top, color, name);
    names.push_back(box);
    if (!is_beyond) continue;  // an arrow up instead of the line
    const float size = 0.25F * em;
    const float x = box.left - 2 * size;
    canvas.list().AddTriangleFilled({x - size, top + em / 2 + size}, {x, top + em / 2 - size},
                                    {x + size, top + em / 2 + size}, color);
    names.back().left = x - 2 * size;
  }
}

}  // namespace stressbot::plot
