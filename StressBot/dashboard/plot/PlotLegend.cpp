#include <imgui_internal.h>  // how long the mouse has been on an item

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/PlotParts.h"

namespace stressbot::plot {

namespace {

constexpr float kHintAfter_s = 0.6F;

float RowHeight(const Canvas& canvas) { return std::round(1.4F * canvas.em()); }

float PlaceWidth(const Canvas& canvas, const Line& line) {
  const float around = std::round(2.0F * canvas.em());  // the swatch and what is free on both sides
  return std::ceil(Canvas::WidthOf(line.name)) + around;
}

/// The places of the names, row by row as they fit; none is wider than `widest`.
std::vector<Box> PlacesOf(const Canvas& canvas, const Chart& chart, const Box& box, float widest) {
  const float row = RowHeight(canvas);
  float x = box.left;
  float y = box.top;
  std::vector<Box> places;
  for (const Line& line : chart.lines) {
    const float wide = std::min(PlaceWidth(canvas, line), widest);
    if (x > box.left && x + wide > box.right) {
      x = box.left;
      y += row;
    }
    places.push_back({x, y, x + wide, y + row});
    x += wide;
  }
  return places;
}

/// Shortens names where they would take too much, and leaves out what does not fit even then.
std::vector<Box> FittingPlacesOf(const Canvas& canvas, const Chart& chart, const Box& box) {
  std::vector<Box> places;
  for (const float columns : {1.0F, 2.0F, 3.0F, 4.0F}) {
    places = PlacesOf(canvas, chart, box, box.width() / columns);
    if (places.empty() || places.back().bottom <= box.bottom + 1) return places;
  }
  const auto beyond = [&](const Box& place) { return place.bottom > box.bottom + 1; };
  places.erase(std::find_if(places.begin(), places.end(), beyond), places.end());
  return places;
}

void Toggle(const std::string& name, ChartState& state) {
  if (state.hidden.erase(name) == 0) state.hidden.insert(name);
}

/// Only this one; or all again, if it is the only one.
void ShowOnly(const std::string& name, const Chart& chart, ChartState& state) {
  const bool is_only = std::all_of(chart.lines.begin(), chart.lines.end(), [&](const Line& line) {
    return line.name == name || state.hidden.contains(line.name);
  });
  state.hidden.clear();
  if (is_only) return;
  for (const Line& line : chart.lines) {
    if (line.name != name) state.hidden.insert(line.name);
  }
}

void DrawName(const Canvas& canvas, const Box& box, const Line& line, bool is_hidden,
              bool is_pointed) {
  const float em = canvas.em();
  const float middle = std::round((box.top + box.bottom) / 2);
  const float left = box.left + std::round(0.25F * em);
  const float half = std::max(1.0F, std::round(0.13F * em));
  const Rgba color = canvas.style().Of(line.color);
  canvas.Fill({left, middle - half, left + std::round(0.9F * em), middle + half},
              is_hidden ? Faint(color, 0.35) : color, half);
  const float text = left + std::round(1.2F * em);
  const std::string name = Canvas::Shortened(line.name, box.right - text);
  const Rgba quiet = is_hidden ? Faint(canvas.style().quiet, 0.6) : canvas.style().quiet;
  canvas.Text(text, middle - em / 2, is_pointed ? canvas.style().text : quiet, name);
  if (is_hidden) canvas.Horizontal(text, text + Canvas::WidthOf(name), middle, quiet);
}

/// The release that ends a double click, which did its work when the button went down.
bool EndsDoubleClick() {
  return ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
         ImGui::GetIO().MouseClickedLastCount[ImGuiMouseButton_Left] > 1;
}

/// The last item is a name: says how it is used, and shows where the keyboard is.
void ShowHints(const Canvas& canvas, const Box& place, const PlotTexts& texts) {
  if (ImGui::IsItemHovered() && GImGui->HoveredIdTimer > kHintAfter_s)
    ImGui::SetTooltip("%s", texts.legend_hint.c_str());
  if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible)
    canvas.Outline(place, canvas.style().chosen, 0.2F * canvas.em());
}

}  // namespace

float LegendWidth(const Canvas& canvas, const Chart& chart) {
  float width = 0;
  for (const Line& line : chart.lines) width += PlaceWidth(canvas, line);
  return width;
}

float LegendHeight(const Canvas& canvas, const Chart& chart, float width, float height) {
  const float row = RowHeight(canvas);
  const float most = std::max(1.0F, std::floor(height / 3 / row)) * row;
  const std::vector<Box> places =
      FittingPlacesOf(canvas, chart, {0, 0, std::max(width, row), most});
  return places.empty() ? 0 : places.back().bottom;
}

void DrawLegend(const Canvas& canvas, const Box& box, const Chart& chart, ChartState& state,
                const PlotTexts& texts) {
  state.names = FittingPlacesOf(canvas, chart, box);
  for (std::size_t i = 0; i < state.names.size(); ++i) {
    const Line& line = chart.lines[i];
    const Box& place = state.names[i];
    ImGui::PushID(static_cast<int>(i));
    ImGui::SetCursorScreenPos({place.left, place.top});
    const bool is_pressed = ImGui::InvisibleButton(
        "name", {place.width(), place.height()},
        ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
    const bool is_pointed = ImGui::IsItemHovered();
    const bool is_alone_wanted =
        (is_pointed && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) ||
        (is_pressed && ImGui::IsMouseReleased(ImGuiMouseButton_Right));
    if (is_alone_wanted) {
      ShowOnly(line.name, chart, state);
    } else if (is_pressed && !EndsDoubleClick()) {
      Toggle(line.name, state);
    }
    DrawName(canvas, place, line, state.hidden.contains(line.name), is_pointed);
    ShowHints(canvas, place, texts);
    ImGui::PopID();
  }
  if (state.names.size() == chart.lines.size()) return;
  const std::string more = "+ " + std::to_string(chart.lines.size() - state.names.size());
  canvas.TextOnCard(box.right - Canvas::WidthOf(more), box.bottom - 1.2F * canvas.em(),
                    canvas.style().quiet, more);
}

}  // namespace stressbot::plot
