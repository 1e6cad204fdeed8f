#include "StressBot/dashboard/screens/start/OpenRunBox.h"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <cfloat>
#include <system_error>
#include <utility>

#include "StressBot/dashboard/screens/start/FormWidgets.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::start {

namespace {

namespace fs = std::filesystem;

constexpr const char* kOpenBox = "##open";

}  // namespace

void OpenRunBox::Open() {
  is_to_open_ = true;
  error_.clear();
  std::error_code failure;
  GoTo(found_.folder.empty() ? fs::current_path(failure) : found_.folder);
}

void OpenRunBox::GoTo(const fs::path& folder) {
  found_ = FindSavedRuns(folder.lexically_normal());
  file_ = found_.runs.empty() ? "" : Utf8Of(found_.runs.front());
}

void OpenRunBox::DrawFolder(Ui& ui, std::optional<fs::path>& chosen) {
  SmallText(ui, Utf8Of(found_.folder));
  ImGui::BeginChild("##folder", {0, 260 * ui.scale}, true);
  std::optional<fs::path> walks_to;
  for (const fs::path& run : found_.runs) {
    const std::string name = Utf8Of(run.filename());
    ui.Saw(name);
    constexpr ImGuiSelectableFlags kFlags =
        ImGuiSelectableFlags_DontClosePopups | ImGuiSelectableFlags_AllowDoubleClick;
    if (ImGui::Selectable(name.c_str(), file_ == Utf8Of(run), kFlags)) {
      file_ = Utf8Of(run);
      if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) chosen = run;
    }
    ui.probe.Item("open.run." + name);
  }
  if (found_.runs.empty()) QuietText(ui, ui.tr(Text::kNoRuns));
  ImGui::Separator();
  const fs::path parent = found_.folder.parent_path();
  if (parent != found_.folder && !parent.empty()) {
    if (ImGui::Selectable(ui.tr(Text::kParentFolder), false, ImGuiSelectableFlags_DontClosePopups))
      walks_to = parent;
    ui.probe.Item("open.parent");
  }
  for (const fs::path& folder : found_.folders) {
    const std::string name = Utf8Of(folder.filename()) + "/";
    ui.Saw(name);
    if (ImGui::Selectable(name.c_str(), false, ImGuiSelectableFlags_DontClosePopups))
      walks_to = folder;
  }
  ImGui::EndChild();
  if (walks_to) GoTo(*walks_to);
}

std::optional<fs::path> OpenRunBox::Draw(Ui& ui) {
  if (std::exchange(is_to_open_, false)) ImGui::OpenPopup(kOpenBox);
  if (!BeginBox(ui, kOpenBox)) return std::nullopt;
  std::optional<fs::path> chosen;
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted(ui.tr(Text::kOpenRunTitle));
  ImGui::PopFont();
  DrawFolder(ui, chosen);
  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::InputText("##file", &file_, ImGuiInputTextFlags_EnterReturnsTrue))
    chosen = PathOf(file_);
  ui.probe.Item("open.file");
  if (!error_.empty()) ProblemText(ui, error_.c_str());
  ui.probe.Value("open.error", error_);
  if (MainButton(ui, "open.ok", ui.tr(Text::kOpen), !file_.empty(), {0, 0})) chosen = PathOf(file_);
  ImGui::SameLine();
  const bool is_given_up = ImGui::Button(ui.tr(Text::kCancel)) || ui.Pressed({.key = key::kEscape});
  ui.probe.Item("open.cancel");
  if (is_given_up || std::exchange(is_to_close_, false)) ImGui::CloseCurrentPopup();
  EndBox();
  return chosen;
}

}  // namespace stressbot::start
