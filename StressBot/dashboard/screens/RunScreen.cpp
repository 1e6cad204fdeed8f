#include "StressBot/dashboard/screens/RunScreen.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "StressBot/dashboard/screens/run/Controls.h"
#include "StressBot/dashboard/screens/run/EventLog.h"
#include "StressBot/dashboard/screens/run/FailuresPanel.h"
#include "StressBot/dashboard/screens/run/Header.h"
#include "StressBot/dashboard/screens/run/Overview.h"
#include "StressBot/dashboard/screens/run/PlotsPanel.h"
#include "StressBot/dashboard/screens/run/Refusal.h"
#include "StressBot/dashboard/screens/run/RunContext.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/dashboard/screens/run/SaveReports.h"
#include "StressBot/dashboard/screens/run/ServerOutput.h"
#include "StressBot/dashboard/screens/run/StepTable.h"
#include "StressBot/dashboard/screens/run/TabsPanel.h"
#include "StressBot/dashboard/screens/run/Thresholds.h"
#include "StressBot/dashboard/ui/Look.h"

namespace stressbot {

using run::RunContext;
using run::RunFocus;
using run::RunNow;

namespace {

/// Whether there is more or less to show than before, and not only something else.
bool HasOtherParts(const RunView* before, const RunView* now) {
  if (before == nullptr || now == nullptr) return before != now;
  return before->charts.size() != now->charts.size() || before->steps.size() != now->steps.size() ||
         before->latencies.size() != now->latencies.size() || before->is_over != now->is_over ||
         before->incidents.empty() != now->incidents.empty();
}

}  // namespace

struct RunScreen::Parts {
  RunNow now;
  std::shared_ptr<const RunView> data_of;  ///< what the axis of time was told of
  bool was_over = false;
  RunFocus focus;
  run::Header header;
  run::PlotsPanel plots;
  run::TabsPanel tabs;
  run::SaveReports save;

  void DrawBody(const RunContext& run);
  void TellTime(const RunContext& run);
};

RunScreen::RunScreen(Ui& ui, RunHost& host)
    : ui_(ui), host_(host), parts_(std::make_unique<Parts>()) {}
RunScreen::~RunScreen() = default;

void RunScreen::set_command_line(std::function<std::string()> text) {
  parts_->header.set_command_line(std::move(text));
}

void RunScreen::Reset() {
  parts_->focus = RunFocus{};
  parts_->now = RunNow{};
  parts_->data_of = nullptr;
  parts_->was_over = false;
  parts_->plots.Reset();
  parts_->tabs.Reset();
}

bool RunScreen::TakeNewRunWish() { return std::exchange(parts_->focus.is_new_run_wanted, false); }

void RunScreen::AskToSave() {
  if (parts_->now.state != RunHost::State::kOver) return;
  parts_->save.Open({ui_, host_, parts_->now, parts_->focus});
}

/// Copies only what is new.
void RunScreen::TakeNow() {
  RunNow& now = parts_->now;
  const RunHost::State before = now.state;
  host_.SetLanguage(ui_.tr.language());
  now.state = host_.state();
  now.status = host_.status();
  std::shared_ptr<const RunView> view = host_.view();
  if (view != now.view && view != nullptr) {
    ForEachText(*view, [this](const std::string& text) { ui_.Saw(text); });
  }
  if (before != now.state || HasOtherParts(now.view.get(), view.get())) ui_.is_settling = true;
  now.view = std::move(view);
  const std::uint64_t version = host_.server_lines_version();
  if (version != now.server_lines_version) {
    now.server_lines = host_.server_lines();
    now.server_lines_version = version;
    for (const ServerLine& line : now.server_lines) ui_.Saw(line.text);
  }
  now.complaints = host_.complaints();
  for (const std::string& line : now.complaints) ui_.Saw(line);
}

void RunScreen::Parts::TellTime(const RunContext& run) {
  const RunView* view = run.now.view.get();
  if (view == nullptr || data_of == run.now.view) return;
  data_of = run.now.view;
  const double points_end = view->points.empty() ? 0 : view->points.to_s.back();
  const bool has_ended = view->is_over && !was_over;
  was_over = view->is_over;
  if (has_ended && focus.time.IsLive()) focus.time.Follow(plot::TimeView::kWholeRun);
  focus.time.SetData(std::max(points_end, view->headline.seconds), !view->is_over);
}

void RunScreen::Parts::DrawBody(const RunContext& run) {
  constexpr float kLeastEms = 21;  // in a lower window the whole screen scrolls
  const float em = ImGui::GetFontSize();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float body = std::floor(std::max(room.y, kLeastEms * em));
  const float left = std::floor(std::clamp(0.25F * room.x, 18 * em, 27 * em));
  if (ImGui::BeginChild("overview", {left, body}, false, ImGuiWindowFlags_NoBackground))
    run::DrawOverview(run);
  ImGui::EndChild();
  ImGui::SameLine();
  ImGui::BeginGroup();
  const float height = tabs.HeightOf(body);
  const float plots_height = body - height - tabs.splitter_height();
  const ImVec2 spacing = ImGui::GetStyle().ItemSpacing;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {spacing.x, 0});  // the splitter is between them
  if (plots_height > em) {
    const bool is_shown =
        ImGui::BeginChild("time", {0, plots_height}, false,
                          ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollbar);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, spacing);
    if (is_shown) plots.Draw(run);
    ImGui::PopStyleVar();
    ImGui::EndChild();
  }
  tabs.Draw(run, height);
  ImGui::PopStyleVar();
  ImGui::EndGroup();
}

void RunScreen::Draw() {
  TakeNow();
  Draw(parts_->now);
}

void RunScreen::Draw(const RunNow& now) {
  const RunContext run{ui_, host_, now, parts_->focus};
  const float gap = std::round(0.6F * ui_.fonts.text->FontSize);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {gap, gap});
  const bool is_shown = BeginScreen("##run");
  ImGui::PopStyleVar();
  if (is_shown) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap * 0.8F});
    ImGui::BeginChild("screen", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    parts_->TellTime(run);
    if (!ImGui::GetIO().WantTextInput && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) {
      run::ObeyRunKeys(run);
      run::PlotsPanel::Obey(run);
      if (ui_.Pressed({.key = 'S', .ctrl = true})) AskToSave();
    }
    parts_->header.Draw(run, parts_->save);
    run::DrawBanners(run);
    if (now.state == RunHost::State::kNone || now.state == RunHost::State::kRefused)
      run::DrawRefusal(run);
    else
      parts_->DrawBody(run);
    parts_->save.Draw(run);
    ImGui::EndChild();
    ImGui::PopStyleVar();
  }
  ImGui::End();
}

}  // namespace stressbot
