#include "StressBot/dashboard/ui/ViewMenu.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/ui/Look.h"

namespace stressbot {

namespace {

constexpr KeyChord kHelpKey{.key = key::F(1)}, kThemeKey{.key = key::F(9)},
    kLanguageKey{.key = key::F(10)}, kPictureKey{.key = key::F(12)},
    kQuitKey{.key = 'Q', .ctrl = true}, kOriginalKey{.key = '0', .ctrl = true};

constexpr float kScaleMin = 0.5F, kScaleMax = 4, kScaleStep = 1.1F;

void Rescale(Ui& ui, float factor) {
  // In twentieths, so that as many steps back lead to where one was.
  const float rounded = std::round(ui.wanted.scale * factor * 20) / 20;
  ui.wanted.scale = std::clamp(rounded, kScaleMin, kScaleMax);
}

void SwitchTheme(Ui& ui) {
  ui.wanted.theme = ui.theme->is_dark ? ThemeChoice::kLight : ThemeChoice::kDark;
}

void SwitchLanguage(Ui& ui) {
  ui.wanted.language =
      ui.tr.language() == Language::kKorean ? Language::kEnglish : Language::kKorean;
}

void ThemeItem(Ui& ui, const char* probe_name, Text text, ThemeChoice choice) {
  if (ImGui::MenuItem(ui.tr(text), nullptr, ui.wanted.theme == choice)) ui.wanted.theme = choice;
  ui.probe.Item(probe_name);
}

void LanguageItem(Ui& ui, const char* probe_name, const char* name, Language language) {
  if (ImGui::MenuItem(name, nullptr, ui.wanted.language == language)) {
    ui.wanted.language = language;
  }
  ui.probe.Item(probe_name);
}

void KeyRow(const Ui& ui, const char* keys, Text what) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(keys);
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(ui.tr(what));
}

void DrawKeys(Ui& ui) {
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ToVec4(ui.theme->card));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8 * ui.scale);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_AlwaysAutoResize |
                                      ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Begin("##keys", nullptr, kFlags)) {
    ImGui::PushFont(ui.fonts.title);
    ImGui::TextUnformatted(ui.tr(Text::kKeys));
    ImGui::PopFont();
    if (ImGui::BeginTable("##rows", 2, ImGuiTableFlags_SizingFixedFit)) {
      KeyRow(ui, "Tab", Text::kKeyMove);
      KeyRow(ui, "F6", Text::kKeyPane);
      KeyRow(ui, "Ctrl+Enter", Text::kKeyStart);
      KeyRow(ui, "F1", Text::kKeyHelp);
      KeyRow(ui, "F9", Text::kKeyTheme);
      KeyRow(ui, "F10", Text::kKeyLanguage);
      KeyRow(ui, "Ctrl + / - / 0", Text::kKeySize);
      KeyRow(ui, "P", Text::kKeyPause);
      KeyRow(ui, "+ / -", Text::kKeyMoreFewer);
      KeyRow(ui, "M / Q", Text::kKeyMarkEnd);
      KeyRow(ui, "A D W S", Text::kKeyPlots);
      KeyRow(ui, "1 2 3 L", Text::kKeySpans);
      KeyRow(ui, "Ctrl+S", Text::kKeySave);
      KeyRow(ui, "F12", Text::kKeyPicture);
      KeyRow(ui, "Ctrl+Q", Text::kKeyQuit);
      ImGui::EndTable();
    }
    if (ImGui::Button(ui.tr(Text::kClose))) ui.keys_shown = false;
    ui.probe.Item("keys.close");
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

void DrawNotice(Ui& ui) {
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  const ImVec2 edge{view.WorkPos.x + view.WorkSize.x / 2,
                    view.WorkPos.y + view.WorkSize.y - 16 * ui.scale};
  ImGui::SetNextWindowPos(edge, ImGuiCond_Always, {0.5F, 1});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ToVec4(ui.theme->text));
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->card));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8 * ui.scale);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                                      ImGuiWindowFlags_AlwaysAutoResize |
                                      ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoFocusOnAppearing;
  if (ImGui::Begin("##notice", nullptr, kFlags)) ImGui::TextUnformatted(ui.notice.c_str());
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  ui.probe.Value("notice", ui.notice);
}

}  // namespace

void ObeyViewKeys(Ui& ui) {
  const bool is_larger = ui.Pressed({.key = key::kEqual, .ctrl = true}) ||
                         ui.Pressed({.key = key::kEqual, .ctrl = true, .shift = true}) ||
                         ui.Pressed({.key = key::kKeypadAdd, .ctrl = true});
  const bool is_smaller = ui.Pressed({.key = key::kMinus, .ctrl = true}) ||
                          ui.Pressed({.key = key::kKeypadSubtract, .ctrl = true});
  if (is_larger) Rescale(ui, kScaleStep);
  if (is_smaller) Rescale(ui, 1 / kScaleStep);
  if (ui.Pressed(kOriginalKey)) ui.wanted.scale = 1;
  if (ui.Pressed(kThemeKey)) SwitchTheme(ui);
  if (ui.Pressed(kLanguageKey)) SwitchLanguage(ui);
  if (ui.Pressed(kPictureKey)) ui.picture_wanted = true;
  if (ui.Pressed(kQuitKey)) ui.close_wanted = true;
  if (ui.Pressed(kHelpKey)) ui.keys_shown = !ui.keys_shown;
}

void DrawViewMenu(Ui& ui) {
  const bool is_open = ImGui::BeginMenu(ui.tr(Text::kView));
  ui.probe.Item("menu.view");
  if (!is_open) return;
  ThemeItem(ui, "menu.dark", Text::kThemeDark, ThemeChoice::kDark);
  ThemeItem(ui, "menu.light", Text::kThemeLight, ThemeChoice::kLight);
  ThemeItem(ui, "menu.system", Text::kThemeSystem, ThemeChoice::kSystem);
  ImGui::Separator();
  LanguageItem(ui, "menu.english", "English", Language::kEnglish);
  LanguageItem(ui, "menu.korean", ui.fonts.has_hangul ? kKoreanName : "Korean", Language::kKorean);
  ImGui::Separator();
  if (ImGui::MenuItem(ui.tr(Text::kLarger), "Ctrl +")) Rescale(ui, kScaleStep);
  ui.probe.Item("menu.larger");
  if (ImGui::MenuItem(ui.tr(Text::kSmaller), "Ctrl -")) Rescale(ui, 1 / kScaleStep);
  ui.probe.Item("menu.smaller");
  if (ImGui::MenuItem(ui.tr(Text::kOriginalSize), "Ctrl 0")) ui.wanted.scale = 1;
  ImGui::Separator();
  if (ImGui::MenuItem(ui.tr(Text::kSavePicture), "F12")) ui.picture_wanted = true;
  if (ImGui::MenuItem(ui.tr(Text::kQuit), "Ctrl Q")) ui.close_wanted = true;
  ui.probe.Item("menu.quit");
  ImGui::EndMenu();
}

void DrawHelpMenu(Ui& ui) {
  const bool is_open = ImGui::BeginMenu(ui.tr(Text::kHelp));
  ui.probe.Item("menu.help");
  if (!is_open) return;
  if (ImGui::MenuItem(ui.tr(Text::kKeys), "F1")) ui.keys_shown = true;
  ui.probe.Item("menu.keys");
  ImGui::EndMenu();
}

void DrawOverlays(Ui& ui) {
  if (ui.keys_shown) DrawKeys(ui);
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) || ui.Pressed({.key = key::kEscape})) {
    ui.notice.clear();
  }
  if (ui.Pressed({.key = key::kEscape})) ui.keys_shown = false;
  if (!ui.notice.empty()) DrawNotice(ui);
}

}  // namespace stressbot
