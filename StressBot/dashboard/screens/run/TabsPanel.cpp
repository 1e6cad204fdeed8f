#include "StressBot/dashboard/screens/run/TabsPanel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"

namespace stressbot::run {

namespace {

constexpr float kShareMin = 0.15F, kShareMax = 0.85F;
constexpr float kEmsWanted = 14;   ///< its height, where there is room
constexpr float kEmsOfPlots = 23;  ///< two rows of plots and what is above them, which come first
constexpr float kEmsMin = 9;
/// A conversation needs so much.
constexpr float kShareOfFailures = 0.5F;

struct TabNames {
  Tab tab;
  Text text;
  const char* probe_name;
};
constexpr TabNames kTabs[] = {{Tab::kControl, Text::kControl, "run.tab.control"},
                              {Tab::kSteps, Text::kSteps, "run.tab.steps"},
                              {Tab::kEvents, Text::kEvents, "run.tab.events"},
                              {Tab::kServer, Text::kServerOutput, "run.tab.server"},
                              {Tab::kFailures, Text::kFirstFailures, "run.tab.failures"}};

const TabNames& NamesOf(Tab tab) { return kTabs[static_cast<std::size_t>(tab)]; }

}  // namespace

void TabsPanel::Reset() {
  is_large_ = false;
  was_going_on_ = false;
  events_ = EventLog{};
  server_ = ServerOutput{};
  steps_ = StepTable{};
  controls_ = Controls{};
}

float TabsPanel::splitter_height() const { return std::round(0.55F * ImGui::GetFontSize()); }

float TabsPanel::HeightOf(float room) {
  room_ = room;
  if (is_large_) return room - splitter_height();
  const float em = ImGui::GetFontSize();
  const float wanted =
      share_ > 0 ? room * share_ : std::min(kEmsWanted * em, room - kEmsOfPlots * em);
  height_ = std::floor(std::clamp(wanted, std::min(kEmsMin * em, room), room));
  return height_;
}

void TabsPanel::DrawSplitter(const RunContext& run) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = splitter_height();
  ImGui::InvisibleButton("splitter", {width, height});
  run.ui.probe.Item("run.splitter");
  const bool is_used = ImGui::IsItemActive() || ImGui::IsItemHovered();
  if (is_used) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
  if (ImGui::IsItemActive() && room_ > 0) {
    is_large_ = false;
    const float share = share_ > 0 ? share_ : height_ / room_;
    share_ = std::clamp(share - ImGui::GetIO().MouseDelta.y / room_, kShareMin, kShareMax);
  }
  const float middle = at.x + width / 2, half = 1.4F * ImGui::GetFontSize();
  const Color color = is_used ? run.ui.theme->link : run.ui.theme->line;
  ImGui::GetWindowDrawList()->AddRectFilled({middle - half, at.y + height * 0.35F},
                                            {middle + half, at.y + height * 0.65F}, color.packed(),
                                            height);
}

void TabsPanel::DrawContent(const RunContext& run, Tab tab) {
  switch (tab) {
    case Tab::kControl:
      return controls_.Draw(run);
    case Tab::kSteps:
      return steps_.Draw(run);
    case Tab::kEvents:
      return events_.Draw(run);
    case Tab::kServer:
      return server_.Draw(run);
    case Tab::kFailures:
      return failures_.Draw(run);
  }
}

void TabsPanel::DrawTab(const RunContext& run, Tab tab) {
  const TabNames& names = NamesOf(tab);
  const bool is_wanted = run.focus.wanted_tab == tab;
  const ImGuiTabItemFlags flags = is_wanted ? ImGuiTabItemFlags_SetSelected : 0;
  std::string label = run.ui.tr(names.text);
  const std::size_t failures =
      run.now.view == nullptr ? 0 : run.now.view->result.first_failures.size();
  if (tab == Tab::kFailures && failures > 0) label += fmt::format(" ({})", failures);
  label += fmt::format("###{}", names.probe_name);
  const bool is_open = ImGui::BeginTabItem(label.c_str(), nullptr, flags);
  run.ui.probe.Item(names.probe_name);
  if (!is_open) return;
  run.focus.shown_tab = tab;
  run.ui.probe.Value("run.tab", names.probe_name);
  if (ImGui::BeginChild("content", {0, 0}, false, ImGuiWindowFlags_NoBackground))
    DrawContent(run, tab);
  ImGui::EndChild();
  ImGui::EndTabItem();
}

void TabsPanel::Draw(const RunContext& run, float height) {
  DrawSplitter(run);
  // Hands on while it goes on; then the table that one reads first.
  if (!run.now.goes_on() && was_going_on_ && !run.focus.wanted_tab)
    run.focus.wanted_tab = Tab::kSteps;
  was_going_on_ = run.now.goes_on();
  if (run.focus.wanted_tab == Tab::kFailures) share_ = std::max(share_, kShareOfFailures);
  const std::optional<Tab> wanted = run.focus.wanted_tab;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding,
                      {0.6F * ImGui::GetFontSize(), 0.4F * ImGui::GetFontSize()});
  if (ImGui::BeginChild("tabs", {0, height}, true, ImGuiWindowFlags_NoScrollbar)) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        {0.6F * ImGui::GetFontSize(), 0.35F * ImGui::GetFontSize()});
    if (ImGui::BeginTabBar("bar")) {
      for (const TabNames& names : kTabs) {
        if (names.tab == Tab::kControl && !run.now.goes_on()) continue;
        DrawTab(run, names.tab);
      }
      const char* arrow = is_large_ ? "▼" : "▲";
      if (ImGui::TabItemButton(arrow, ImGuiTabItemFlags_Trailing)) is_large_ = !is_large_;
      run.ui.probe.Item("run.tabs.larger");
      Tip(run.ui.tr(is_large_ ? Text::kTabsSmaller : Text::kTabsLarger));
      ImGui::EndTabBar();
    }
    ImGui::PopStyleVar();
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
  if (run.focus.wanted_tab == wanted) run.focus.wanted_tab.reset();
}

}  // namespace stressbot::run
