#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>

#include "StressBot/dashboard/ui/Probe.h"

namespace stressbot {

void Probe::Item(std::string_view name) {
  if (!enabled() || !ImGui::IsItemVisible()) return;
  const ImRect& clip = ImGui::GetCurrentWindow()->ClipRect;
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const float left = std::max(from.x, clip.Min.x), top = std::max(from.y, clip.Min.y);
  const float right = std::min(to.x, clip.Max.x), bottom = std::min(to.y, clip.Max.y);
  if (right <= left || bottom <= top) return;
  Item(name, {left, top, right - left, bottom - top});
}

}  // namespace stressbot
