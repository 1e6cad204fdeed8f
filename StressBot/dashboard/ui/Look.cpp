#include "StressBot/dashboard/ui/Look.h"

#include <imgui.h>

namespace stressbot {

namespace {

void SetSizes(ImGuiStyle& style) {
  style.WindowPadding = {16, 12};
  style.FramePadding = {10, 6};
  style.ItemSpacing = {10, 8};
  style.ItemInnerSpacing = {8, 6};
  style.CellPadding = {8, 4};
  style.ScrollbarSize = 14;
  style.WindowRounding = 0;
  style.ChildRounding = 8;
  style.FrameRounding = 6;
  style.PopupRounding = 8;
  style.GrabRounding = 6;
  style.TabRounding = 6;
  style.ScrollbarRounding = 7;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.FrameBorderSize = 1;
  style.PopupBorderSize = 1;
}

void SetColors(ImVec4* colors, const Theme& theme) {
  const ImVec4 page = ToVec4(theme.page), card = ToVec4(theme.card), text = ToVec4(theme.text),
               quiet = ToVec4(theme.quiet), line = ToVec4(theme.line), link = ToVec4(theme.link);
  // What the pointer is on, and what is pressed: the link's colour laid over.
  const ImVec4 hovered = ToVec4(theme.link.WithAlpha(40)), held = ToVec4(theme.link.WithAlpha(80)),
               chosen = ToVec4(theme.link.WithAlpha(52)), none{};
  colors[ImGuiCol_Text] = text;
  colors[ImGuiCol_TextDisabled] = quiet;
  colors[ImGuiCol_TextSelectedBg] = held;
  colors[ImGuiCol_WindowBg] = page;
  colors[ImGuiCol_ChildBg] = card;
  colors[ImGuiCol_PopupBg] = card;
  colors[ImGuiCol_MenuBarBg] = card;
  colors[ImGuiCol_Border] = line;
  colors[ImGuiCol_BorderShadow] = none;
  colors[ImGuiCol_FrameBg] = page;
  colors[ImGuiCol_FrameBgHovered] = hovered;
  colors[ImGuiCol_FrameBgActive] = held;
  colors[ImGuiCol_TitleBg] = card;
  colors[ImGuiCol_TitleBgActive] = card;
  colors[ImGuiCol_TitleBgCollapsed] = card;
  colors[ImGuiCol_ScrollbarBg] = none;
  colors[ImGuiCol_ScrollbarGrab] = ToVec4(theme.quiet.WithAlpha(110));
  colors[ImGuiCol_ScrollbarGrabHovered] = ToVec4(theme.quiet.WithAlpha(170));
  colors[ImGuiCol_ScrollbarGrabActive] = quiet;
  colors[ImGuiCol_CheckMark] = link;
  colors[ImGuiCol_SliderGrab] = link;
  colors[ImGuiCol_SliderGrabActive] = link;
  colors[ImGuiCol_Button] = page;
  colors[ImGuiCol_ButtonHovered] = hovered;
  colors[ImGuiCol_ButtonActive] = held;
  colors[ImGuiCol_Header] = chosen;
  colors[ImGuiCol_HeaderHovered] = hovered;
  colors[ImGuiCol_HeaderActive] = held;
  colors[ImGuiCol_Separator] = line;
  colors[ImGuiCol_SeparatorHovered] = link;
  colors[ImGuiCol_SeparatorActive] = link;
  colors[ImGuiCol_ResizeGrip] = none;
  colors[ImGuiCol_ResizeGripHovered] = hovered;
  colors[ImGuiCol_ResizeGripActive] = held;
  colors[ImGuiCol_Tab] = none;
  colors[ImGuiCol_TabHovered] = hovered;
  colors[ImGuiCol_TabActive] = chosen;
  colors[ImGuiCol_TabUnfocused] = none;
  colors[ImGuiCol_TabUnfocusedActive] = chosen;
  colors[ImGuiCol_PlotLines] = ToVec4(theme.lines[0]);
  colors[ImGuiCol_PlotLinesHovered] = link;
  colors[ImGuiCol_PlotHistogram] = ToVec4(theme.lines[0]);
  colors[ImGuiCol_PlotHistogramHovered] = link;
  colors[ImGuiCol_TableHeaderBg] = card;
  colors[ImGuiCol_TableBorderStrong] = line;
  colors[ImGuiCol_TableBorderLight] = ToVec4(theme.grid);
  colors[ImGuiCol_TableRowBg] = none;
  colors[ImGuiCol_TableRowBgAlt] = ToVec4(theme.shade);
  colors[ImGuiCol_DragDropTarget] = link;
  colors[ImGuiCol_NavHighlight] = link;
  colors[ImGuiCol_NavWindowingHighlight] = link;
  colors[ImGuiCol_NavWindowingDimBg] = ToVec4(theme.page.WithAlpha(160));
  colors[ImGuiCol_ModalWindowDimBg] = ToVec4(theme.page.WithAlpha(160));
}

}  // namespace

bool BeginScreen(const char* id) {
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(view.WorkPos);
  ImGui::SetNextWindowSize(view.WorkSize);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoBringToFrontOnFocus;
  return ImGui::Begin(id, nullptr, kFlags);
}

ImVec4 ToVec4(Color color) {
  const auto share = [](std::uint8_t channel) { return static_cast<float>(channel) / 255; };
  return {share(color.red), share(color.green), share(color.blue), share(color.alpha)};
}

void ApplyLook(const Theme& theme, float scale) {
  ImGuiStyle style;
  SetSizes(style);
  style.ScaleAllSizes(scale);
  SetColors(style.Colors, theme);
  ImGui::GetStyle() = style;
}

}  // namespace stressbot
