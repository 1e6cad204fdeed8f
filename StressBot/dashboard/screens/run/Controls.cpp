#include "StressBot/dashboard/screens/run/Controls.h"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "StressBot/cli/KeyCommands.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/dashboard/window/Keys.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

constexpr int kOverMax_s = 10;

void Heading(const RunContext& run, Text text) { Quiet(run.ui, run.ui.tr(text)); }

/// A name on the left, then the slider that is drawn next.
class SliderRow {
 public:
  explicit SliderRow(const std::string& name) {
    const float names = std::floor(0.3F * ImGui::GetContentRegionAvail().x);
    const float left = ImGui::GetCursorPosX();
    ImGui::AlignTextToFramePadding();
    Cut(name, names - ImGui::GetStyle().ItemSpacing.x);
    ImGui::SameLine(left + names);
    ImGui::SetNextItemWidth(-1);
  }
};

}  // namespace

Nanoseconds Controls::Over() const { return std::chrono::seconds(over_s_); }

void Controls::DrawGroup(const RunContext& run, const GroupStatus& group) {
  Slider& slider = sliders_[group.name];
  const auto target = static_cast<float>(group.target);
  if (!slider.is_held) slider.value = target;
  ImGui::PushID(group.name.c_str());
  const SliderRow row(ToPrintable(group.name));
  ImGui::BeginDisabled(!group.can_change);
  if (!group.can_change) {
    ImGui::Button(run.ui.tr(Text::kFixedGroup), {-1, 0});
  } else if (group.is_open) {
    constexpr float kLeastMost = 10;
    slider.most = std::max({slider.most, 2 * target, kLeastMost});
    ImGui::SliderFloat("##rate", &slider.value, 0, slider.most, "%.1f/s");
  } else {
    int bots = static_cast<int>(std::lround(slider.value));
    ImGui::SliderInt("##bots", &bots, 0, static_cast<int>(group.bots_max), "%d",
                     ImGuiSliderFlags_AlwaysClamp);
    slider.value = static_cast<float>(bots);
  }
  ImGui::EndDisabled();
  slider.is_held = ImGui::IsItemActive();
  const bool is_released = ImGui::IsItemDeactivatedAfterEdit();
  if (run.ui.probe.enabled()) run.ui.probe.Item("run.group." + group.name);
  Tip(group.is_open ? std::string(run.ui.tr(Text::kRateTip))
                    : run.ui.tr.Format(Text::kBotsTip, FormatCount(group.bots_max)));
  ImGui::PopID();
  if (!is_released) return;
  if (group.is_open)
    run.Do(RateCommand{group.name, std::max(0.0F, slider.value), Over()});
  else
    run.Do(
        BotsCommand{group.name, static_cast<std::uint32_t>(std::max(0.0F, slider.value)), Over()});
}

/// Beside the heading: the rows below are few where the window is low.
void Controls::DrawTenths(const RunContext& run) {
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 0});
  const float each =
      std::max(ButtonWidth(run.ui.tr(Text::kFewer)), ButtonWidth(run.ui.tr(Text::kMore)));
  const float both = 2 * each + ImGui::GetStyle().ItemSpacing.x;
  ImGui::SameLine(ImGui::GetContentRegionMax().x - both);
  if (Button(run.ui, "run.fewer", Text::kFewer, Text::kFewerTip, each))
    run.Do(*CommandOfKey('-', false));
  ImGui::SameLine();
  if (Button(run.ui, "run.more", Text::kMore, Text::kMoreTip, each))
    run.Do(*CommandOfKey('+', false));
  ImGui::PopStyleVar();
}

void Controls::DrawLoad(const RunContext& run) {
  Heading(run, Text::kBotsAndArrivals);
  DrawTenths(run);
  for (const GroupStatus& group : run.now.status->groups) DrawGroup(run, group);
  {
    const SliderRow row(run.ui.tr(Text::kChangesOver));
    const char* format = over_s_ == 0 ? run.ui.tr(Text::kAtOnce) : "%d s";
    ImGui::SliderInt("##over", &over_s_, 0, kOverMax_s, format, ImGuiSliderFlags_AlwaysClamp);
    run.ui.probe.Item("run.over");
    Tip(run.ui.tr(Text::kOverTip));
  }
}

void Controls::DrawDropGroup(const RunContext& run, float room_beside) {
  ImGui::SetNextItemWidth(-room_beside - ImGui::GetStyle().ItemSpacing.x);
  const std::string shown =
      drop_group_.empty() ? std::string(run.ui.tr(Text::kAllGroups)) : ToPrintable(drop_group_);
  if (!ImGui::BeginCombo("##group", shown.c_str())) return;
  if (ImGui::Selectable(run.ui.tr(Text::kAllGroups), drop_group_.empty())) drop_group_.clear();
  for (const GroupStatus& group : run.now.status->groups) {
    const bool is_chosen = group.name == drop_group_;
    if (ImGui::Selectable(ToPrintable(group.name).c_str(), is_chosen)) drop_group_ = group.name;
  }
  ImGui::EndCombo();
}

void Controls::DrawDrop(const RunContext& run) {
  Heading(run, Text::kDropHeading);
  ImGui::SetNextItemWidth(-1);
  const std::string format = run.ui.tr.Format(Text::kDropShare, "%d %%");
  ImGui::SliderInt("##share", &share_percent_, 1, 100, format.c_str(),
                   ImGuiSliderFlags_AlwaysClamp);
  run.ui.probe.Item("run.drop.share");
  const bool has_choice = run.now.status->groups.size() > 1;
  bool is_pressed = false;
  if (has_choice) {
    DrawDropGroup(run, ButtonWidth(run.ui.tr(Text::kDrop)));
    ImGui::SameLine();
    is_pressed = Button(run.ui, "run.drop", Text::kDrop, Text::kDropTip, -1);
  }
  if (ImGui::RadioButton(run.ui.tr(Text::kByReset), is_reset_)) is_reset_ = true;
  run.ui.probe.Item("run.drop.reset");
  Tip(run.ui.tr(Text::kByResetTip));
  ImGui::SameLine();
  if (ImGui::RadioButton(run.ui.tr(Text::kOrderly), !is_reset_)) is_reset_ = false;
  run.ui.probe.Item("run.drop.orderly");
  Tip(run.ui.tr(Text::kOrderlyTip));
  if (!has_choice) {
    ImGui::SameLine();
    is_pressed = Button(run.ui, "run.drop", Text::kDrop, Text::kDropTip, -1);
  }
  if (!is_pressed) return;
  DropCommand command;
  if (!drop_group_.empty()) command.group = drop_group_;
  command.share = share_percent_ / 100.0;
  command.reset = is_reset_;
  run.Do(command);
}

void Controls::DrawMark(const RunContext& run) {
  Heading(run, Text::kMarkHeading);
  ImGui::SetNextItemWidth(-1);
  const bool is_entered = ImGui::InputTextWithHint("##mark", run.ui.tr(Text::kMarkHint), &mark_,
                                                   ImGuiInputTextFlags_EnterReturnsTrue);
  run.ui.probe.Item("run.mark.name");
  run.ui.probe.Value("run.mark.name", mark_);
  const bool is_pressed = Button(run.ui, "run.mark", Text::kMark, Text::kMarkTip, -1);
  if (is_entered || is_pressed) {
    run.Do(MarkCommand{mark_});
    if (!run.focus.was_refused) mark_.clear();
  }
  if (run.focus.last_answer.empty()) return;
  Toned(run.ui, Tone::kQuiet, run.ui.tr(Text::kLastCommand));
  ImGui::PushStyleColor(
      ImGuiCol_Text,
      ColorOf(*run.ui.theme, run.focus.was_refused ? Tone::kWarn : Tone::kPlain).packed());
  Wrapped(run.focus.last_answer, 0);
  ImGui::PopStyleColor();
  run.ui.probe.Value("run.answer", run.focus.last_answer);
}

void Controls::Draw(const RunContext& run) {
  const bool can_steer = run.now.state == RunHost::State::kRunning && run.now.status &&
                         run.now.status->state != RunState::kStarting;
  if (!can_steer) {
    EmptyState(run.ui, run.ui.tr(run.now.goes_on() ? Text::kControlLater : Text::kControlOver));
    return;
  }
  const float gap = ImGui::GetStyle().ItemSpacing.x * 2;
  const float width = std::floor((ImGui::GetContentRegionAvail().x - 2 * gap) / 3);
  const auto column = [width](const char* id, const auto& draw) {
    if (ImGui::BeginChild(id, {width, 0}, false, ImGuiWindowFlags_NoBackground)) draw();
    ImGui::EndChild();
  };
  // The number can be read below the grab.
  ImGui::PushStyleColor(ImGuiCol_SliderGrab, run.ui.theme->link.WithAlpha(110).packed());
  ImGui::PushStyleColor(ImGuiCol_SliderGrabActive, run.ui.theme->link.WithAlpha(150).packed());
  column("load", [&] { DrawLoad(run); });
  ImGui::SameLine(0, gap);
  column("drop", [&] { DrawDrop(run); });
  ImGui::PopStyleColor(2);
  ImGui::SameLine(0, gap);
  column("mark", [&] { DrawMark(run); });
}

void ObeyRunKeys(const RunContext& run) {
  if (run.now.state != RunHost::State::kRunning) return;
  const bool is_paused = run.now.status && run.now.status->state == RunState::kPaused;
  const auto obey = [&](char letter) {
    if (const auto command = CommandOfKey(letter, is_paused)) run.Do(*command);
  };
  // Letters by their place on the keyboard: with a Korean layout they type others.
  for (const char letter : {'P', 'M', 'Q'}) {
    if (run.ui.Pressed({.key = letter})) obey(static_cast<char>(letter - 'A' + 'a'));
  }
  // These two are elsewhere on each keyboard, but type the same.
  for (const ImWchar typed : ImGui::GetIO().InputQueueCharacters) {
    if (typed == '+' || typed == '=' || typed == '-') obey(static_cast<char>(typed));
  }
}

}  // namespace stressbot::run
