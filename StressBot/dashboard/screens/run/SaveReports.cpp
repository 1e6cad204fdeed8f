#include "StressBot/dashboard/screens/run/SaveReports.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <system_error>
#include <utility>

#include "StressBot/dashboard/model/ReportFiles.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::run {

namespace {

Text WhatFormat(std::string_view name) {
  if (name == "json") return Text::kFormatJson;
  if (name == "junit") return Text::kFormatJunit;
  if (name == "html") return Text::kFormatHtml;
  if (name == "markdown") return Text::kFormatMarkdown;
  if (name == "csv") return Text::kFormatCsv;
  return Text::kFormatHdr;
}

std::string ThisFolder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::current_path(error);
  return error ? std::string(".") : Utf8Of(folder);
}

}  // namespace

void SaveReports::Open(const RunContext& run) {
  is_wanted_ = true;
  answers_.clear();
  existing_.clear();
  if (folder_.empty()) folder_ = ThisFolder();
  name_ = run.now.view != nullptr ? ReportStem(run.now.view->result) : "run";
}

std::filesystem::path SaveReports::FileOf(const ReportFormat& format) const {
  return PathOf(folder_) / PathOf(ReportFileName(name_, format.name));
}

std::string SaveReports::FindExisting() const {
  for (const ReportFormat& format : ReportFormats()) {
    std::error_code unknown;
    if (formats_.contains(format.name) && std::filesystem::exists(FileOf(format), unknown))
      return Utf8Of(FileOf(format));
  }
  return {};
}

void SaveReports::Save(const RunContext& run) {
  answers_.clear();
  const bool may_replace = !std::exchange(existing_, "").empty();
  if (!may_replace) existing_ = FindExisting();
  if (!existing_.empty()) return;
  for (const ReportFormat& format : ReportFormats()) {
    if (!formats_.contains(format.name)) continue;
    const std::filesystem::path file = FileOf(format);
    std::string error;
    const bool is_saved = run.host.Save(format, file, error);
    answers_.push_back({is_saved, is_saved ? Utf8Of(file) : error});
  }
  for (const Answer& answer : answers_) run.ui.Saw(answer.text);
}

void SaveReports::DrawFormats(const RunContext& run) {
  for (const ReportFormat& format : ReportFormats()) {
    const std::string name(format.name);
    bool is_wanted = formats_.contains(name);
    if (ImGui::Checkbox(name.c_str(), &is_wanted)) {
      if (is_wanted)
        formats_.insert(name);
      else
        formats_.erase(name);
      answers_.clear();
      existing_.clear();
    }
    if (run.ui.probe.enabled()) run.ui.probe.Item("after.save." + name);
    ImGui::SameLine(9 * ImGui::GetFontSize());
    Quiet(run.ui, run.ui.tr(WhatFormat(name)));
  }
}

void SaveReports::DrawAnswers(const RunContext& run) const {
  for (const Answer& answer : answers_) {
    Toned(run.ui, answer.is_saved ? Tone::kPass : Tone::kFail,
          run.ui.tr(answer.is_saved ? Text::kSaved : Text::kNotSaved));
    ImGui::SameLine();
    Wrapped(answer.text, 30 * ImGui::GetFontSize());
  }
  if (!answers_.empty()) run.ui.probe.Value("after.saved", answers_.back().is_saved);
}

void SaveReports::Draw(const RunContext& run) {
  constexpr const char* kId = "save";
  if (is_wanted_) ImGui::OpenPopup(kId);
  is_wanted_ = false;
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_AlwaysAutoResize |
                                      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ImGui::GetStyle().PopupRounding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  const bool is_open = ImGui::BeginPopupModal(kId, nullptr, kFlags);
  ImGui::PopStyleVar(2);
  if (!is_open) return;
  const float width = 34 * ImGui::GetFontSize();
  ImGui::PushFont(run.ui.fonts.title);
  ImGui::TextUnformatted(run.ui.tr(Text::kSaveReportsTitle));
  ImGui::PopFont();
  DrawFormats(run);
  Quiet(run.ui, run.ui.tr(Text::kFolder));
  ImGui::SetNextItemWidth(width);
  if (ImGui::InputText("##folder", &folder_)) existing_.clear();
  run.ui.probe.Item("after.save.folder");
  Quiet(run.ui, run.ui.tr(Text::kFileName));
  ImGui::SetNextItemWidth(width);
  if (ImGui::InputText("##name", &name_)) existing_.clear();
  run.ui.probe.Item("after.save.name");
  run.ui.probe.Value("after.save.file", folder_ + "/" + name_);
  if (!existing_.empty()) {
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    Toned(run.ui, Tone::kFail, run.ui.tr.Format(Text::kFileExists, existing_));
    ImGui::PopTextWrapPos();
  }
  run.ui.probe.Value("after.save.existing", existing_);
  ImGui::BeginDisabled(formats_.empty() || name_.empty());
  const Text save = existing_.empty() ? Text::kSave : Text::kReplace;
  if (Button(run.ui, "after.save.do", save, Text::kSaveTip)) Save(run);
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool is_closed = ImGui::Button(run.ui.tr(Text::kClose));
  run.ui.probe.Item("after.save.close");
  if (is_closed || run.ui.Pressed({.key = key::kEscape})) ImGui::CloseCurrentPopup();
  DrawAnswers(run);
  ImGui::EndPopup();
}

}  // namespace stressbot::run
