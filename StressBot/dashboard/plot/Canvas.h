#pragma once
#include <imgui.h>

#include <string>
#include <string_view>

#include "StressBot/dashboard/plot/Area.h"
#include "StressBot/dashboard/plot/PlotStyle.h"

/// The parts of a plot draw with this. Only for the sources of dashboard/plot.
namespace stressbot::plot {

/// A draw list, and lengths that follow the font.
class Canvas {
 public:
  explicit Canvas(const PlotStyle& style) : Canvas(style, *ImGui::GetWindowDrawList()) {}
  Canvas(const PlotStyle& style, ImDrawList& list);  ///< another list than the window's

  const PlotStyle& style() const { return style_; }
  ImDrawList& list() const { return *list_; }
  float em() const { return em_; }              ///< the height of a line of text
  float hairline() const { return hairline_; }  ///< px, whole, so that it is sharp at any scale
  float line_width() const { return line_width_; }

  /// Sharp lines: they fill whole pixels.
  void Horizontal(float left, float right, float y, Rgba color) const;
  void Vertical(float x, float top, float bottom, Rgba color) const;
  void Dashed(float left, float right, float y, Rgba color) const;
  void Fill(const Box& box, Rgba color, float rounding = 0) const;
  void Outline(const Box& box, Rgba color, float rounding = 0) const;

  /// Text begins at whole pixels: between them it would blur.
  void Text(float x, float y, Rgba color, std::string_view text) const;
  void TextRight(float right, float y, Rgba color, std::string_view text) const;
  /// With something of the card's colour behind it, to be read over lines.
  void TextOnCard(float x, float y, Rgba color, std::string_view text) const;
  static float WidthOf(std::string_view text);
  /// Shortened to a width, "..." at its end; whole characters of UTF-8.
  static std::string Shortened(std::string_view text, float width);

  void Clip(const Box& box) const;  ///< until Unclip; within what is clipped already
  void Unclip() const { list_->PopClipRect(); }

 private:
  const PlotStyle& style_;
  ImDrawList* list_;
  float em_, hairline_, line_width_;
};

}  // namespace stressbot::plot
