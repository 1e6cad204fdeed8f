#include "StressBot/dashboard/App.h"

#include <imgui.h>

#include <utility>

#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/dashboard/ui/ViewMenu.h"

namespace stressbot {

App::App(Ui& ui, const DashboardOptions& options, std::function<void()> wake)
    : ui_(ui), options_(options), wake_(std::move(wake)) {}

void App::DrawMenuBar() {
  if (!ImGui::BeginMainMenuBar()) return;
  DrawViewMenu(ui_);
  DrawHelpMenu(ui_);
  ImGui::EndMainMenuBar();
}

void App::Frame() {
  DrawMenuBar();
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(view.WorkPos);
  ImGui::SetNextWindowSize(view.WorkSize);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoBringToFrontOnFocus;
  if (ImGui::Begin("##app", nullptr, kFlags)) {
    ImGui::PushFont(ui_.fonts.huge);
    ImGui::TextUnformatted(ui_.tr(Text::kAppName));
    ImGui::PopFont();
    ImGui::PushFont(ui_.fonts.title);
    ImGui::TextUnformatted(ui_.tr(Text::kWelcome));
    ImGui::PopFont();
    ImGui::TextColored(ToVec4(ui_.theme->quiet), "%s", ui_.tr(Text::kWelcomeMore));
  }
  ImGui::End();
  ui_.probe.Value("screen", "welcome");
  ui_.probe.Value("language", ui_.tr.language() == Language::kKorean ? "ko" : "en");
  ui_.probe.Value("theme", ui_.theme->is_dark ? "dark" : "light");
  ui_.probe.Value("scale", ui_.scale);
}

}  // namespace stressbot
