#include "StressBot/dashboard/screens/run/Header.h"

#include <imgui.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/dashboard/screens/run/Thresholds.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot::run {

namespace {

bool IsPaused(const RunNow& now) { return now.status && now.status->state == RunState::kPaused; }

std::string NameOfRun(const RunContext& run) {
  const RunNow& now = run.now;
  if (now.view != nullptr) return ToPrintable(now.view->result.scenario);
  if (now.status && !now.status->scenario.empty()) return ToPrintable(now.status->scenario);
  // Not even read, or wrong.
  return ToPrintable(Utf8Of(PathOf(run.host.scenario_file()).filename()));
}

/// A small caption above a number, in a place of fixed width.
class Figures {
 public:
  explicit Figures(const Ui& ui) : ui_(ui), at_(ImGui::GetCursorScreenPos()) {}

  void Add(const char* caption, const std::string& value, float ems, Tone tone = Tone::kPlain) {
    const float width = ems * ui_.fonts.text->FontSize;
    ImGui::SetCursorScreenPos(at_);
    ImGui::BeginGroup();
    Small(ui_, caption);
    ImGui::PushFont(ui_.fonts.title);
    ImGui::SetCursorScreenPos({at_.x, at_.y + 1.25F * ui_.fonts.small->FontSize});
    Toned(ui_, tone, value);
    ImGui::PopFont();
    ImGui::EndGroup();
    at_.x += width;
  }

 private:
  const Ui& ui_;
  ImVec2 at_;
};

/// Of groups that have a number of bots; nothing when none has.
std::optional<double> BotsWanted(const RunNow& now) {
  if (!now.goes_on() || !now.status) return std::nullopt;
  std::optional<double> wanted;
  for (const GroupStatus& group : now.status->groups) {
    if (!group.is_open && group.can_change) wanted = wanted.value_or(0) + group.target;
  }
  return wanted;
}

std::string Pair(const std::string& first, const std::string& second) {
  return first + " / " + second;
}

/// Wide enough for all of its texts, so that nothing beside it moves.
float WidthOfStates(const Texts& tr) {
  float width = 0;
  for (const Text text :
       {Text::kRunNone, Text::kRunPreparing, Text::kRunStarting, Text::kRunWarmup,
        Text::kRunRunning, Text::kRunPaused, Text::kRunStopping, Text::kRunOver, Text::kRunRefused})
    width = std::max(width, ImGui::CalcTextSize(tr(text)).x);
  return width;
}

void DrawState(const RunContext& run) {
  const RunStanding standing = StandingOf(run.now.state, run.now.status);
  Dot(ColorOf(*run.ui.theme, standing.tone));
  ImGui::SameLine(0, 0.25F * ImGui::GetFontSize());
  const float left = ImGui::GetCursorPosX();
  Toned(run.ui, standing.tone, run.ui.tr(standing.text));
  ImGui::SameLine(left + WidthOfStates(run.ui.tr) + ImGui::GetFontSize());
  run.ui.probe.Value("run.state", standing.name);
}

void DrawProgress(const RunContext& run, float right) {
  const RunProgress progress = ProgressOf(run.now.status, run.now.view.get(), run.ui.tr);
  run.ui.probe.Value("run.seconds", progress.seconds);
  const float left = ImGui::GetCursorPosX();
  const float em = ImGui::GetFontSize();
  ImGui::TextUnformatted(progress.text.c_str());
  ImGui::SameLine(left + 11 * em);
  const float room = right - ImGui::GetCursorScreenPos().x - em;
  const bool has_bar = run.now.goes_on() && room > 3 * em;
  if (has_bar) Bar(run.ui, std::min(room, 22 * em), progress.share, run.ui.theme->link);
}

void DrawBots(const RunContext& run, Figures& figures, bool has_values) {
  constexpr float kEms = 11;
  const Texts& tr = run.ui.tr;
  if (!has_values) return figures.Add(tr(Text::kBotsActive), "-", kEms);
  const RunView& view = *run.now.view;
  const std::string active = FormatCount(view.headline.bots_active);
  if (view.is_over)
    return figures.Add(tr(Text::kBotsMost), FormatCount(view.result.bots_max), kEms);
  const std::optional<double> wanted = BotsWanted(run.now);
  if (!wanted) return figures.Add(tr(Text::kBotsActive), active, kEms);
  figures.Add(tr(Text::kBotsFigure), Pair(active, FormatNumber(*wanted, 0)), kEms);
}

void DrawFigures(const RunContext& run) {
  const RunView* view = run.now.view.get();
  const RunHeadline none;
  const RunHeadline& line = view != nullptr ? view->headline : none;
  const bool has_values = view != nullptr && line.seconds > 0;
  const auto told = [has_values](const std::string& text) { return has_values ? text : "-"; };
  const Texts& tr = run.ui.tr;
  Figures figures(run.ui);
  figures.Add(tr(Text::kRequestsPerSecond), told(RateText(line.requests_per_s)), 6.5F);
  figures.Add(tr(Text::kErrorsPerSecond), told(RateText(line.failures_per_s)), 6.5F,
              line.failures_per_s > 0 ? Tone::kFail : Tone::kPlain);
  figures.Add("p95", told(line.p95), 6.5F);
  figures.Add("p99", told(line.p99), 6.5F);
  DrawBots(run, figures, has_values);
  figures.Add(tr(Text::kAskedDelivered),
              told(Pair(RateText(line.asked_per_s), RateText(line.delivered_per_s))), 11);
  run.ui.probe.Value("run.bots", static_cast<double>(line.bots_active));
  run.ui.probe.Value("run.requests_per_s", line.requests_per_s);
}

void DrawVerdict(const RunContext& run, float right, float top) {
  const RunVerdict verdict = VerdictOf(run.now.view.get());
  run.ui.probe.Value("run.verdict", verdict.text);
  if (run.now.view == nullptr) return;
  ImGui::PushFont(run.ui.fonts.huge);
  const ImVec2 size = ImGui::CalcTextSize(verdict.text.c_str());
  ImGui::SetCursorScreenPos({right - size.x, top});
  Toned(run.ui, verdict.tone, verdict.text);
  ImGui::PopFont();
  if (!run.now.goes_on() || verdict.text == "-") return;
  const char* so_far = run.ui.tr(Text::kSoFar);
  ImGui::PushFont(run.ui.fonts.small);
  const float width = ImGui::CalcTextSize(so_far).x + 0.6F * ImGui::GetFontSize();
  ImGui::SetCursorScreenPos({right - size.x - width, top + size.y * 0.46F});
  Quiet(run.ui, so_far);
  ImGui::PopFont();
}

void DrawAbortQuestion(const RunContext& run) {
  if (!ImGui::BeginPopup("abort")) return;
  Wrapped(run.ui.tr(Text::kAbortAsk), 22 * ImGui::GetFontSize());
  if (Button(run.ui, "run.abort.yes", Text::kAbortNow, Text::kAbortTip)) {
    run.Do(AbortCommand{});
    ImGui::CloseCurrentPopup();
  }
  ImGui::SameLine();
  if (ImGui::Button(run.ui.tr(Text::kKeepRunning))) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

void DrawSteering(const RunContext& run, float right) {
  const Texts& tr = run.ui.tr;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const bool is_paused = IsPaused(run.now);
  const bool can_steer = run.now.status && run.now.status->state != RunState::kStarting;
  const float pause = std::max(ButtonWidth(tr(Text::kPause)), ButtonWidth(tr(Text::kResume)));
  const float end = ButtonWidth(tr(Text::kEndRun));
  const float abort = ButtonWidth(tr(Text::kAbort));
  const float top = ImGui::GetCursorScreenPos().y;
  ImGui::SetCursorScreenPos({right - pause - end - abort - 2 * gap, top});
  ImGui::BeginDisabled(!can_steer);
  if (Button(run.ui, "run.pause", is_paused ? Text::kResume : Text::kPause,
             is_paused ? Text::kResumeTip : Text::kPauseTip, pause))
    TogglePause(run);
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (Button(run.ui, "run.end", Text::kEndRun, Text::kEndTip)) run.Do(StopCommand{});
  ImGui::SameLine();
  if (Button(run.ui, "run.abort", Text::kAbort, Text::kAbortTip)) ImGui::OpenPopup("abort");
  DrawAbortQuestion(run);
}

}  // namespace

void TogglePause(const RunContext& run) {
  if (IsPaused(run.now))
    run.Do(ResumeCommand{});
  else
    run.Do(PauseCommand{});
}

void Header::DrawButtons(const RunContext& run, SaveReports& save, float right) {
  if (run.now.goes_on()) {
    DrawSteering(run, right);
    return;
  }
  const Texts& tr = run.ui.tr;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const bool has_result = run.now.state == RunHost::State::kOver;
  const std::string command_line = command_line_ ? command_line_() : std::string();
  float width = ButtonWidth(tr(Text::kNewRun));
  if (!command_line.empty()) width += gap + ButtonWidth(tr(Text::kCopyCommand));
  if (has_result) width += gap + ButtonWidth(tr(Text::kSaveReports));
  ImGui::SetCursorScreenPos({right - width, ImGui::GetCursorScreenPos().y});
  if (has_result) {
    if (Button(run.ui, "after.save", Text::kSaveReports, Text::kSaveReportsTip)) save.Open(run);
    ImGui::SameLine();
  }
  if (!command_line.empty()) {
    if (Button(run.ui, "after.copy", Text::kCopyCommand, Text::kCopyCommandTip))
      run.ui.Copy(command_line);
    ImGui::SameLine();
  }
  if (Button(run.ui, "after.new", Text::kNewRun, Text::kNewRunTip))
    run.focus.is_new_run_wanted = true;
}

void Header::Draw(const RunContext& run, SaveReports& save) {
  const Card card("header", run.ui.theme->card, run.ui.theme->line);
  const float em = ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  DrawButtons(run, save, card.right());
  const float buttons_left = card.right() - 24 * em;
  const float row = ImGui::GetFrameHeight();
  ImGui::SetCursorScreenPos(at);
  ImGui::PushFont(run.ui.fonts.title);
  Cut(NameOfRun(run), std::min(16 * em, 0.24F * card.inner_width()));
  ImGui::PopFont();
  ImGui::SetCursorScreenPos(
      {at.x + std::min(16 * em, 0.24F * card.inner_width()) + em, at.y + (row - em) / 2 - 2});
  DrawState(run);
  DrawProgress(run, buttons_left);
  const float second = at.y + row + 0.4F * em;
  ImGui::SetCursorScreenPos({at.x, second});
  DrawFigures(run);
  DrawVerdict(run, card.right(), second);
  const float third = second + run.ui.fonts.huge->FontSize + 0.5F * em;
  ImGui::SetCursorScreenPos({at.x, third});
  DrawThresholds(run, card.inner_width());
}

}  // namespace stressbot::run
