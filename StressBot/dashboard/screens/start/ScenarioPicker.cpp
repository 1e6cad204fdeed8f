#include "StressBot/dashboard/screens/start/ScenarioPicker.h"

#include <imgui.h>
#include <imgui_internal.h>  // RenderTextEllipsis
#include <imgui_stdlib.h>

#include <algorithm>
#include <cfloat>
#include <utility>

#include "StressBot/dashboard/model/RunLists.h"
#include "StressBot/dashboard/screens/start/FormWidgets.h"
#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::start {

namespace {

/// On one line, cut with "..." where it is longer than up to `right`.
void DrawCut(ImVec2 at, float right, const std::string& text, Color color, ImFont* font) {
  ImGui::PushFont(font);
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(color));
  const ImVec2 end{right, at.y + ImGui::GetTextLineHeight()};
  ImGui::RenderTextEllipsis(ImGui::GetWindowDrawList(), at, end, right, right, text.c_str(),
                            text.c_str() + text.size(), nullptr);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

}  // namespace

bool ScenarioPicker::Fits(const ListedScenario& scenario) const {
  return ContainsText(scenario.name, filter_) || ContainsText(scenario.description, filter_) ||
         ContainsText(Utf8Of(scenario.file.filename()), filter_);
}

void ScenarioPicker::DrawFilter(Ui& ui) {
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::InputTextWithHint("##filter", ui.tr(Text::kFindScenario), &filter_);
  ui.probe.Item("start.filter");
  has_keys_ = ImGui::IsItemActive();
}

void ScenarioPicker::DrawRow(Ui& ui, const ListedScenario& scenario,
                             std::filesystem::path& chosen) {
  const float padding = 6 * ui.scale;
  const float name_height = ui.fonts.text->FontSize, small_height = ui.fonts.small->FontSize;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool is_chosen = scenario.file == chosen;
  const std::string id = "##" + Utf8Of(scenario.file);
  const float height = name_height + small_height + 2.5F * padding;
  if (ImGui::Selectable(id.c_str(), is_chosen, 0, {0, height})) chosen = scenario.file;
  const std::string probe_name =
      scenario.section.empty() ? scenario.name : scenario.section + "/" + scenario.name;
  ui.probe.Item("start.scenario." + probe_name);
  if (is_chosen && is_to_be_shown_) {
    ImGui::SetScrollHereY(0.4F);
    is_to_be_shown_ = false;
  }
  const Theme& theme = *ui.theme;
  float right = at.x + width - padding;
  if (!scenario.is_sound()) {  // a mark that is red, and says how much is wrong
    const std::string count = std::to_string(scenario.mistakes.size());
    const float mark = ImGui::CalcTextSize(count.c_str()).x + 2 * padding;
    const ImVec2 from{right - mark, at.y + padding}, to{right, at.y + padding + name_height};
    ImGui::GetWindowDrawList()->AddRectFilled(from, to, theme.fail.packed(), name_height / 2);
    DrawCut({from.x + padding, from.y}, to.x, count, theme.card, ui.fonts.text);
    right -= mark + padding;
  }
  DrawCut({at.x + padding, at.y + padding}, right, scenario.name,
          scenario.is_sound() ? theme.text : theme.fail, ui.fonts.text);
  const std::string line =
      scenario.is_sound() ? scenario.description : scenario.mistakes.front().message;
  DrawCut({at.x + padding, at.y + 1.5F * padding + name_height}, at.x + width - padding, line,
          theme.quiet, ui.fonts.small);
}

void ScenarioPicker::ObeyKeys(const std::vector<const ListedScenario*>& shown,
                              std::filesystem::path& chosen) {
  if (!has_keys_ || shown.empty()) return;
  const bool is_up = ImGui::IsKeyPressed(key::kUp), is_down = ImGui::IsKeyPressed(key::kDown);
  if (!is_up && !is_down) return;
  const auto place = std::ranges::find(shown, chosen, &ListedScenario::file);
  std::size_t index = static_cast<std::size_t>(place - shown.begin());
  if (place == shown.end()) {
    index = 0;
  } else if (is_down) {
    index = std::min(index + 1, shown.size() - 1);
  } else {
    index -= index > 0 ? 1 : 0;
  }
  chosen = shown[index]->file;
  is_to_be_shown_ = true;
}

void ScenarioPicker::Draw(Ui& ui, const ScenarioListing& listing, std::filesystem::path& chosen) {
  DrawFilter(ui);
  // Its own keys: ImGui's navigation would move a frame around the rows and choose nothing.
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoNavInputs;
  if (std::exchange(takes_keys_, false)) ImGui::SetNextWindowFocus();
  ImGui::BeginChild("##scenarios", {0, 0}, false, kFlags);
  has_keys_ = has_keys_ || ImGui::IsWindowFocused();
  std::vector<const ListedScenario*> shown;
  for (const auto& scenario : listing.scenarios) {
    if (Fits(*scenario)) shown.push_back(scenario.get());
  }
  ObeyKeys(shown, chosen);
  std::string section;
  for (const ListedScenario* scenario : shown) {
    if (scenario->section != section) {
      section = scenario->section;
      ImGui::Indent(6 * ui.scale);
      Heading(ui, (section + "/").c_str());
      ImGui::Unindent(6 * ui.scale);
    }
    DrawRow(ui, *scenario, chosen);
  }
  if (shown.empty()) QuietText(ui, ui.tr.Format(Text::kNothingFits, filter_));
  ImGui::EndChild();
}

}  // namespace stressbot::start
