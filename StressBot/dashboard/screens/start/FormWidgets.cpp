#include "StressBot/dashboard/screens/start/FormWidgets.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cfloat>
#include <utility>

#include "StressBot/dashboard/ui/Look.h"

namespace stressbot::start {

namespace {

Text SentenceOf(FieldMistake mistake) {
  switch (mistake) {
    case FieldMistake::kBots:
      return Text::kWrongBots;
    case FieldMistake::kRate:
      return Text::kWrongRate;
    case FieldMistake::kDuration:
      return Text::kWrongDuration;
    case FieldMistake::kScale:
      return Text::kWrongScale;
    case FieldMistake::kSeed:
      return Text::kWrongSeed;
    case FieldMistake::kTarget:
      return Text::kWrongTarget;
    case FieldMistake::kPortZero:
      return Text::kWrongPortZero;
    case FieldMistake::kNoProgram:
      return Text::kWrongCommand;
    case FieldMistake::kNoReference:
      return Text::kNoReferenceServer;
  }
  return Text::kWrongTarget;
}

}  // namespace

const char* Form::ProblemOf(std::string_view field) const {
  const auto found = std::ranges::find(problems, field, &FieldProblem::field);
  return found == problems.end() ? nullptr : ui.tr(SentenceOf(found->mistake));
}

void Heading(const Ui& ui, const char* text) {
  ImGui::Dummy({0, 2 * ui.scale});
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->quiet));
  ImGui::TextUnformatted(text);
  ImGui::PopStyleColor();
}

void QuietText(const Ui& ui, const std::string& text) {
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->quiet));
  ImGui::TextWrapped("%s", text.c_str());
  ImGui::PopStyleColor();
}

void SmallText(const Ui& ui, const std::string& text) {
  ImGui::PushFont(ui.fonts.small);
  ImGui::TextColored(ToVec4(ui.theme->quiet), "%s", text.c_str());
  ImGui::PopFont();
}

void ProblemText(const Ui& ui, const char* text) {
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->fail));
  ImGui::TextWrapped("%s", text);
  ImGui::PopStyleColor();
}

void TextField(Form& form, const std::string& field, std::string& text, float width,
               const char* hint) {
  const bool is_wrong = form.ProblemOf(field) != nullptr;
  if (is_wrong) ImGui::PushStyleColor(ImGuiCol_Border, ToVec4(form.ui.theme->fail));
  ImGui::SetNextItemWidth(width > 0 ? width * form.ui.scale : -FLT_MIN);
  if (std::exchange(form.takes_keys, false)) ImGui::SetKeyboardFocusHere();
  ImGui::InputTextWithHint(("##" + field).c_str(), hint, &text);
  if (ImGui::IsItemEdited()) form.ui.Saw(text);
  form.ui.probe.Item("start." + field);
  form.ui.probe.Value("start." + field, text);
  if (is_wrong) ImGui::PopStyleColor();
}

void EditedField(Form& form, const std::string& field, EditedText& text, float width) {
  const bool is_changed = text.is_changed();
  if (is_changed) ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(form.ui.theme->link));
  TextField(form, field, text.text, width, text.original.c_str());
  if (is_changed) ImGui::PopStyleColor();
}

void Label(const Ui& ui, const char* text, float width) {
  const float begin = ImGui::GetCursorPosX();
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text);
  ImGui::SameLine();
  ImGui::SetCursorPosX(std::max(begin + width * ui.scale, ImGui::GetCursorPosX()));
}

void BesideIfItFits(const Ui& ui, float width) {
  const float gap = 20 * ui.scale;
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  if (ImGui::GetItemRectMax().x + gap + width <= right) ImGui::SameLine(0, gap);
}

bool BeginBox(const Ui& ui, const char* id) {
  const ImVec2 middle = ImGui::GetMainViewport()->GetCenter();
  ImGui::SetNextWindowPos(middle, ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::SetNextWindowSize({std::min(620 * ui.scale, 2 * middle.x), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8 * ui.scale);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
  const bool is_open = ImGui::BeginPopupModal(id, nullptr, kFlags);
  ImGui::PopStyleVar(2);
  return is_open;
}

void EndBox() { ImGui::EndPopup(); }

bool MainButton(Ui& ui, const char* probe_name, const char* text, bool is_enabled, ImVec2 size) {
  const Theme& theme = *ui.theme;
  ImGui::PushStyleColor(ImGuiCol_Button, ToVec4(theme.link));
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, ToVec4(theme.link.WithAlpha(220)));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, ToVec4(theme.link.WithAlpha(180)));
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(theme.card));
  ImGui::PushFont(size.y > 0 ? ui.fonts.title : ui.fonts.text);
  ImGui::BeginDisabled(!is_enabled);
  const bool is_pressed = ImGui::Button(text, size);
  ImGui::EndDisabled();
  ImGui::PopFont();
  ImGui::PopStyleColor(4);
  ui.probe.Item(probe_name);
  return is_pressed && is_enabled;
}

}  // namespace stressbot::start
