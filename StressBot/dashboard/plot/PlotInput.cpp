#include <imgui_internal.h>  // SetItemUsingMouseWheel; public only since 1.89

#include <cmath>

#include "StressBot/dashboard/plot/PlotParts.h"

namespace stressbot::plot {

namespace {

constexpr double kZoomOfNotch = 0.8;

void Zoom(const Area& area, TimeView& view, float notches) {
  view.ZoomAt(area.TimeAt(ImGui::GetMousePos().x),
              std::pow(kZoomOfNotch, static_cast<double>(notches)));
}

}  // namespace

PlotInput HandleMouse(const Layout& layout, TimeView& view) {
  const Box& box = layout.input;
  ImGui::SetCursorScreenPos({box.left, box.top});
  // The keyboard has nothing to press here: it passes by.
  ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);
  ImGui::InvisibleButton("plot", {box.width(), box.height()});
  ImGui::PopItemFlag();
  // The window around it must not scroll by the same turn of the wheel.
  ImGui::SetItemUsingMouseWheel();
  PlotInput input;
  input.is_hovered = ImGui::IsItemHovered();
  // Not if the turn has just scrolled the plot under the mouse.
  const bool has_wheel = input.is_hovered && GImGui->HoveredIdPreviousFrame == ImGui::GetItemID();
  const ImGuiIO& io = ImGui::GetIO();
  const Area area{layout.plot, {view.from_s(), view.to_s()}, {}};
  // No drag yet, only an unsteady hand.
  input.is_dragged = ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left);
  if (input.is_dragged && std::abs(io.MouseDelta.x) > 0) view.Pan(-area.SecondsOf(io.MouseDelta.x));
  if (has_wheel && std::abs(io.MouseWheel) > 0) Zoom(area, view, io.MouseWheel);
  if (has_wheel && std::abs(io.MouseWheelH) > 0)
    view.Pan(-area.SecondsOf(io.MouseWheelH * 4 * ImGui::GetFontSize()));
  if (input.is_hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    view.Pin({});
    view.BackToLive();
  }
  input.was_clicked = ImGui::IsItemDeactivated() && input.is_hovered &&
                      io.MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] <
                          io.MouseDragThreshold * io.MouseDragThreshold;
  const float x = ImGui::GetMousePos().x;
  if (input.is_hovered && x >= layout.plot.left && x <= layout.plot.right)
    view.Hover(area.TimeAt(x));
  return input;
}

}  // namespace stressbot::plot
