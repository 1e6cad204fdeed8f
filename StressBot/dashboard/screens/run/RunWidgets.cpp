#include "StressBot/dashboard/screens/run/RunWidgets.h"

#include <imgui_internal.h>  // RenderTextEllipsis
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/ui/Look.h"

namespace stressbot::run {

Color ColorOf(const Theme& theme, Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return theme.text;
    case Tone::kQuiet:
      return theme.quiet;
    case Tone::kPass:
      return theme.pass;
    case Tone::kWarn:
      return theme.warn;
    case Tone::kFail:
      return theme.fail;
  }
  return theme.text;
}

Color BackOf(const Theme& theme, Tone tone) {
  switch (tone) {
    case Tone::kPass:
      return theme.pass_back;
    case Tone::kWarn:
      return theme.warn_back;
    case Tone::kFail:
      return theme.fail_back;
    case Tone::kPlain:
    case Tone::kQuiet:
      break;
  }
  return theme.page;
}

Card::Card(const char* id, Color back, Color border, float width)
    : at_(ImGui::GetCursorScreenPos()),
      padding_(ImGui::GetStyle().WindowPadding.x * 0.75F, ImGui::GetStyle().WindowPadding.y * 0.7F),
      width_(width > 0 ? width : ImGui::GetContentRegionAvail().x) {
  ImGui::PushID(id);
  // As high as it was in the frame before, since what is in it comes after.
  const float height = ImGui::GetStateStorage()->GetFloat(ImGui::GetID("height"), 0);
  const ImVec2 end{at_.x + width_, at_.y + height};
  const float rounding = ImGui::GetStyle().ChildRounding;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at_, end, back.packed(), rounding);
  list.AddRect(at_, end, border.packed(), rounding);
  ImGui::SetCursorScreenPos({at_.x + padding_.x, at_.y + padding_.y});
  ImGui::BeginGroup();
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + inner_width());
  const ImVec2 spacing = ImGui::GetStyle().ItemSpacing;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {spacing.x, std::round(spacing.y * 0.6F)});
}

Card::~Card() {
  ImGui::PopStyleVar();
  ImGui::PopTextWrapPos();
  ImGui::EndGroup();
  const float height = std::ceil(ImGui::GetItemRectMax().y - at_.y + padding_.y);
  ImGui::GetStateStorage()->SetFloat(ImGui::GetID("height"), height);
  ImGui::PopID();
  ImGui::SetCursorScreenPos(at_);
  ImGui::Dummy({width_, height});
}

void Quiet(const Ui& ui, const std::string& text) { Toned(ui, Tone::kQuiet, text); }

void Small(const Ui& ui, const std::string& text) {
  ImGui::PushFont(ui.fonts.small);
  Quiet(ui, text);
  ImGui::PopFont();
}

void Toned(const Ui& ui, Tone tone, const std::string& text) {
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ColorOf(*ui.theme, tone)));
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
}

void Wrapped(const std::string& text, float width) {
  const bool is_wrapped_already = width <= 0 && ImGui::GetCurrentWindow()->DC.TextWrapPos >= 0;
  if (!is_wrapped_already) ImGui::PushTextWrapPos(width > 0 ? ImGui::GetCursorPosX() + width : 0);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  if (!is_wrapped_already) ImGui::PopTextWrapPos();
}

void Cut(const std::string& text, float width) {
  const ImVec2 size = ImGui::CalcTextSize(text.data(), text.data() + text.size());
  ImVec2 at = ImGui::GetCursorScreenPos();
  at.y += ImGui::GetCurrentWindow()->DC.CurrLineTextBaseOffset;  // beside a frame, as any text
  const ImVec2 end{at.x + std::floor(width), at.y + ImGui::GetTextLineHeight()};
  ImGui::Dummy({std::floor(width), ImGui::GetTextLineHeight()});
  ImGui::RenderTextEllipsis(ImGui::GetWindowDrawList(), at, end, end.x, end.x, text.data(),
                            text.data() + text.size(), &size);
  if (size.x > width) Tip(text);
}

void RightAligned(const std::string& text, float right) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({right - ImGui::CalcTextSize(text.c_str()).x, at.y});
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
}

void Tip(const std::string& text) {
  if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  Wrapped(text, 32 * ImGui::GetFontSize());
  ImGui::EndTooltip();
}

void Bar(const Ui& ui, float width, double share, Color color) {
  const float line = ImGui::GetTextLineHeight();
  const float height = std::round(line * 0.5F);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float top = at.y + std::round((line - height) / 2);
  const float rounding = std::round(height * 0.3F);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({at.x, top}, {at.x + width, top + height}, ui.theme->grid.packed(), rounding);
  const float filled = width * static_cast<float>(std::clamp(share, 0.0, 1.0));
  if (filled >= 1)
    list.AddRectFilled({at.x, top}, {at.x + filled, top + height}, color.packed(), rounding);
  ImGui::Dummy({width, line});
}

void Dot(Color color) {
  const float line = ImGui::GetTextLineHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddCircleFilled({at.x + line * 0.35F, at.y + line * 0.55F},
                                              line * 0.28F, color.packed());
  ImGui::Dummy({line * 0.7F, line});
}

void EmptyState(const Ui& ui, const char* text) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float width = std::min(room.x, 34 * ImGui::GetFontSize());
  const ImVec2 size = ImGui::CalcTextSize(text, nullptr, false, width);
  const ImVec2 at = ImGui::GetCursorPos();
  ImGui::SetCursorPos(
      {at.x + std::max(0.0F, (room.x - size.x) / 2), at.y + std::max(0.0F, (room.y - size.y) / 2)});
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->quiet));
  Wrapped(text, width);
  ImGui::PopStyleColor();
}

bool FilterField(const Ui& ui, const char* id, std::string& text, float width) {
  ImGui::SetNextItemWidth(width);
  return ImGui::InputTextWithHint(id, ui.tr(Text::kFilter), &text);
}

float ButtonWidth(const char* text) {
  return ImGui::CalcTextSize(text).x + 2 * ImGui::GetStyle().FramePadding.x;
}

bool Button(Ui& ui, const char* probe_name, Text text, Text tip, float width) {
  ImGui::PushID(probe_name);
  const bool is_pressed = ImGui::Button(ui.tr(text), {width, 0});
  ImGui::PopID();
  ui.probe.Item(probe_name);
  Tip(ui.tr(tip));
  return is_pressed;
}

}  // namespace stressbot::run
