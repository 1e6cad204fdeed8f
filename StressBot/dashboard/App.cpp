#include "StressBot/dashboard/App.h"

#include <imgui.h>

#include <utility>

#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/dashboard/ui/ViewMenu.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kEndingTakes{5};  ///< at most

/// The file may be a saved run, which is no scenario.
DashboardOptions ForStart(DashboardOptions options) {
  if (IsSavedRun(PathOf(options.file))) options.file.clear();
  return options;
}

std::string CommandLineOf(const Options& options) {
  std::vector<std::string> words = options.words;
  words.insert(words.begin(), "stressbot");
  return JoinCommand(words, UsualQuoting());
}

}  // namespace

App::App(Ui& ui, const DashboardOptions& options, const std::function<void()>& wake)
    : ui_(ui), host_(wake), start_(ui, ForStart(options), wake), run_(ui, host_) {
  run_.set_command_line([this] { return command_line_; });
  if (IsSavedRun(PathOf(options.file))) OpenRun(PathOf(options.file));
}

void App::Show(Screen screen) {
  screen_ = screen;
  ui_.is_settling = true;
  start_.set_shown(screen == Screen::kStart);
}

void App::Start(Options options) {
  command_line_ = CommandLineOf(options);
  host_.Start(std::move(options));
  run_.Reset();
  Show(Screen::kRun);
}

bool App::OpenRun(const std::filesystem::path& file) {
  std::string error;
  if (!host_.Open(file, error)) {
    start_.TellUnreadable(error);
    ui_.notice = std::move(error);
    return false;
  }
  command_line_.clear();
  start_.TellOpened();
  run_.Reset();
  Show(Screen::kRun);
  return true;
}

void App::AskToClose() {
  host_.Interrupt();
  if (!closes_at_) closes_at_ = steady_clock::now() + kEndingTakes;
}

bool App::WantsClose() const {
  return closes_at_ && (!host_.is_going_on() || steady_clock::now() >= *closes_at_);
}

void App::DrawMenuBar() {
  if (!ImGui::BeginMainMenuBar()) return;
  DrawViewMenu(ui_);
  DrawHelpMenu(ui_);
  ImGui::EndMainMenuBar();
}

void App::DrawStart() {
  const bool was_refused = host_.state() == RunHost::State::kRefused;
  StartScreen::Wish wish;
  if (BeginScreen("##start")) {
    wish = start_.Draw(was_refused ? host_.complaints() : std::vector<std::string>());
  }
  ImGui::End();
  if (wish.run) {
    Start(*std::move(wish.run));
  } else if (!wish.saved_run.empty()) {
    OpenRun(wish.saved_run);
  }
}

void App::DrawRun() {
  run_.Draw();
  // What is to be changed is on the start screen, and so is why.
  if (host_.state() == RunHost::State::kRefused || run_.TakeNewRunWish()) Show(Screen::kStart);
}

void App::DrawEnding() const {
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(view.GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ToVec4(ui_.theme->card));
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                                      ImGuiWindowFlags_AlwaysAutoResize |
                                      ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Begin("##ending", nullptr, kFlags)) {
    ImGui::PushFont(ui_.fonts.title);
    ImGui::TextUnformatted(ui_.tr(Text::kEndingRun));
    ImGui::PopFont();
  }
  ImGui::End();
  ImGui::PopStyleColor();
}

void App::Frame() {
  DrawMenuBar();
  ui_.probe.Value("screen", screen_ == Screen::kStart ? "start" : "run");
  if (screen_ == Screen::kStart) {
    DrawStart();
  } else {
    DrawRun();
  }
  if (closes_at_) DrawEnding();
  ui_.probe.Value("language", ui_.tr.language() == Language::kKorean ? "ko" : "en");
  ui_.probe.Value("theme", ui_.theme->is_dark ? "dark" : "light");
  ui_.probe.Value("scale", ui_.scale);
}

}  // namespace stressbot
