#include "StressBot/dashboard/screens/start/SaveScenarioBox.h"

#include <fmt/format.h>
#include <imgui_stdlib.h>

#include <cfloat>
#include <filesystem>
#include <system_error>
#include <utility>

#include "StressBot/dashboard/model/ChangedScenario.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::start {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSaveBox = "##save";

/// "town-2.json", the first number that is free.
fs::path FreeName(const fs::path& file) {
  for (int number = 2;; ++number) {
    fs::path free = file.parent_path() / file.stem();
    free += fmt::format("-{}.json", number);
    std::error_code failure;
    if (!fs::exists(free, failure)) return free;
  }
}

}  // namespace

void SaveScenarioBox::Open(const RunSettings& settings) {
  is_to_open_ = true;
  exists_ = false;
  error_.clear();
  file_ = Utf8Of(FreeName(PathOf(settings.scenario_file)));
}

std::filesystem::path SaveScenarioBox::file() const { return PathOf(file_); }

void SaveScenarioBox::Save(Ui& ui, const RunSettings& settings, bool replaces) {
  error_.clear();
  const fs::path file = PathOf(file_);
  const SaveResult result = SaveChangedScenario(settings, file, replaces, error_);
  exists_ = result == SaveResult::kExists;
  if (result != SaveResult::kSaved) return;
  ui.notice = ui.tr.Format(Text::kScenarioSaved, file_);
  is_saved_ = true;
  ImGui::CloseCurrentPopup();
}

bool SaveScenarioBox::Draw(Ui& ui, const RunSettings& settings) {
  if (std::exchange(is_to_open_, false)) ImGui::OpenPopup(kSaveBox);
  if (!BeginBox(ui, kSaveBox)) return false;
  ImGui::PushFont(ui.fonts.title);
  ImGui::TextUnformatted(ui.tr(Text::kSaveChanged));
  ImGui::PopFont();
  QuietText(ui, ui.tr(Text::kSaveNote));
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-FLT_MIN);
  const bool is_entered = ImGui::InputText("##file", &file_, ImGuiInputTextFlags_EnterReturnsTrue);
  if (ImGui::IsItemEdited()) exists_ = false;
  ui.probe.Item("save.file");
  if (exists_) ProblemText(ui, ui.tr.Format(Text::kFileExists, file_).c_str());
  if (!error_.empty()) ProblemText(ui, error_.c_str());
  ui.probe.Value("save.error", exists_ ? "exists" : error_);
  const char* save = ui.tr(exists_ ? Text::kReplace : Text::kSave);
  const bool is_pressed = MainButton(ui, "save.ok", save, !file_.empty(), {0, 0});
  ImGui::SameLine();
  if (ImGui::Button(ui.tr(Text::kCancel)) || ui.Pressed({.key = key::kEscape}))
    ImGui::CloseCurrentPopup();
  ui.probe.Item("save.cancel");
  if (is_pressed || (is_entered && !exists_)) Save(ui, settings, is_pressed && exists_);
  EndBox();
  return std::exchange(is_saved_, false);
}

}  // namespace stressbot::start
