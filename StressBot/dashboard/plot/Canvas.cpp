#include "StressBot/dashboard/plot/Canvas.h"

#include <algorithm>
#include <cmath>

namespace stressbot::plot {

namespace {

constexpr float kPlainFont = 15;  ///< px; at 1x

}  // namespace

Canvas::Canvas(const PlotStyle& style, ImDrawList& list)
    : style_(style),
      list_(&list),
      em_(ImGui::GetFontSize()),
      hairline_(std::max(1.0F, std::floor(em_ / kPlainFont + 0.3F))),
      line_width_(std::max(1.0F, 1.6F * em_ / kPlainFont)) {}

void Canvas::Horizontal(float left, float right, float y, Rgba color) const {
  const float top = std::floor(y - hairline_ / 2 + 0.5F);
  list_->AddRectFilled({std::floor(left), top}, {std::floor(right), top + hairline_}, color);
}

void Canvas::Vertical(float x, float top, float bottom, Rgba color) const {
  const float left = std::floor(x - hairline_ / 2 + 0.5F);
  list_->AddRectFilled({left, std::floor(top)}, {left + hairline_, std::floor(bottom)}, color);
}

void Canvas::Dashed(float left, float right, float y, Rgba color) const {
  const float dash = std::round(0.4F * em_);
  const float period = std::round(0.7F * em_);
  for (float x = std::floor(left); x < right; x += period)
    Horizontal(x, std::min(x + dash, right), y, color);
}

void Canvas::Fill(const Box& box, Rgba color, float rounding) const {
  list_->AddRectFilled({box.left, box.top}, {box.right, box.bottom}, color, rounding);
}

void Canvas::Outline(const Box& box, Rgba color, float rounding) const {
  list_->AddRect({box.left, box.top}, {box.right, box.bottom}, color, rounding, 0, hairline_);
}

void Canvas::Text(float x, float y, Rgba color, std::string_view text) const {
  list_->AddText({std::round(x), std::round(y)}, color, text.data(), text.data() + text.size());
}

void Canvas::TextRight(float right, float y, Rgba color, std::string_view text) const {
  Text(right - WidthOf(text), y, color, text);
}

void Canvas::TextOnCard(float x, float y, Rgba color, std::string_view text) const {
  const float pad = std::round(0.2F * em_);
  Fill({x - pad, y, x + WidthOf(text) + pad, y + em_}, Faint(style_.card, 0.75));
  Text(x, y, color, text);
}

float Canvas::WidthOf(std::string_view text) {
  return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

std::string Canvas::Shortened(std::string_view text, float width) {
  if (WidthOf(text) <= width) return std::string(text);
  constexpr std::string_view kMore = "...";
  const auto fits = [&](std::size_t length) {
    return WidthOf(std::string(text.substr(0, length)).append(kMore)) <= width;
  };
  std::size_t length = 0;  // fits, or nothing does
  std::size_t high = text.size();
  while (length < high) {
    const std::size_t middle = length + (high - length + 1) / 2;
    if (fits(middle))
      length = middle;
    else
      high = middle - 1;
  }
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  while (length > 0 && is_inside(length)) --length;
  return std::string(text.substr(0, length)).append(kMore);
}

void Canvas::Clip(const Box& box) const {
  list_->PushClipRect({box.left, box.top}, {box.right, box.bottom}, true);
}

}  // namespace stressbot::plot
