#include "StressBot/dashboard/screens/run/Header.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <optional>
#include <utility>

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

float WidthIn(const ImFont& font, const std::string& text) {
  return std::ceil(font.CalcTextSizeA(font.FontSize, FLT_MAX, 0, text.c_str()).x);
}

/// Small captions above numbers, side by side; in further rows where one is too narrow.
class Figures {
 public:
  /// From the cursor to `right`, a place on the screen.
  Figures(Ui& ui, float right)
      : ui_(ui),
        left_(ImGui::GetCursorScreenPos().x),
        right_(right),
        at_(ImGui::GetCursorScreenPos()) {}

  /// Its place is wide enough for `sample`, so that one digit more moves nothing.
  void Add(const char* caption, const char* sample, const std::string& value,
           Tone tone = Tone::kPlain) {
    const Fonts& fonts = ui_.fonts;
    const float em = fonts.text->FontSize;
    const float width = std::max({WidthIn(*fonts.small, caption), WidthIn(*fonts.title, sample),
                                  WidthIn(*fonts.title, value)});
    if (at_.x > left_ && at_.x + width > right_) at_ = {left_, at_.y + height() + 0.35F * em};
    ImGui::SetCursorScreenPos(at_);
    ImGui::BeginGroup();
    Small(ui_, caption);
    ImGui::PushFont(fonts.title);
    ImGui::SetCursorScreenPos({at_.x, at_.y + 1.25F * fonts.small->FontSize});
    Toned(ui_, tone, value);
    ImGui::PopFont();
    ImGui::EndGroup();
    if (ui_.probe.enabled()) ui_.probe.Item(fmt::format("run.figure.{}", count_));
    ++count_;
    at_.x += width + 1.3F * em;
  }

  float bottom() const { return at_.y + height(); }

 private:
  float height() const { return 1.25F * ui_.fonts.small->FontSize + ui_.fonts.title->FontSize; }

  Ui& ui_;
  float left_, right_;
  ImVec2 at_;
  int count_ = 0;
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

/// Of what DrawState and DrawProgress draw, without the bar.
float WidthOfStateAndProgress(const RunContext& run, const RunProgress& progress) {
  const float em = ImGui::GetFontSize();
  const float text = ImGui::CalcTextSize(progress.text.c_str()).x;
  return 2 * em + WidthOfStates(run.ui.tr) + (run.now.goes_on() ? std::max(11 * em, text) : text);
}

void DrawState(const RunContext& run) {
  const RunStanding standing = StandingOf(run.now.state, run.now.status);
  Dot(ColorOf(*run.ui.theme, standing.tone));
  ImGui::SameLine(0, 0.25F * ImGui::GetFontSize());
  const float left = ImGui::GetCursorPosX();
  Toned(run.ui, standing.tone, run.ui.tr(standing.text));
  run.ui.probe.Item("run.state");
  ImGui::SameLine(left + WidthOfStates(run.ui.tr) + ImGui::GetFontSize());
  run.ui.probe.Value("run.state", standing.name);
}

void DrawProgress(const RunContext& run, const RunProgress& progress, float right) {
  run.ui.probe.Value("run.seconds", progress.seconds);
  const float left = ImGui::GetCursorPosX();
  const float em = ImGui::GetFontSize();
  ImGui::TextUnformatted(progress.text.c_str());
  run.ui.probe.Item("run.progress");
  ImGui::SameLine(left + 11 * em);
  const float room = right - ImGui::GetCursorScreenPos().x - em;
  const bool has_bar = run.now.goes_on() && room > 3 * em;
  if (has_bar) Bar(run.ui, std::min(room, 22 * em), progress.share, run.ui.theme->link);
}

constexpr const char* kRateSample = "88,888";
constexpr const char* kLatencySample = "88.8 ms";
constexpr const char* kPairSample = "88,888 / 88,888";

void DrawBots(const RunContext& run, Figures& figures, bool has_values) {
  const Texts& tr = run.ui.tr;
  if (!has_values) return figures.Add(tr(Text::kBotsActive), kPairSample, "-");
  const RunView& view = *run.now.view;
  const std::string active = FormatCount(view.headline.bots_active);
  if (view.is_over)
    return figures.Add(tr(Text::kBotsMost), kPairSample, FormatCount(view.result.bots_max));
  const std::optional<double> wanted = BotsWanted(run.now);
  if (!wanted) return figures.Add(tr(Text::kBotsActive), kPairSample, active);
  figures.Add(tr(Text::kBotsFigure), kPairSample, Pair(active, FormatNumber(*wanted, 0)));
}

/// From the cursor to `right`. Returns where they end, below.
float DrawFigures(const RunContext& run, float right) {
  const RunView* view = run.now.view.get();
  const RunHeadline none;
  const RunHeadline& line = view != nullptr ? view->headline : none;
  const bool has_values = view != nullptr && line.seconds > 0;
  const auto told = [has_values](const std::string& text) { return has_values ? text : "-"; };
  const Texts& tr = run.ui.tr;
  Figures figures(run.ui, right);
  figures.Add(tr(Text::kRequestsPerSecond), kRateSample, told(RateText(line.requests_per_s)));
  figures.Add(tr(Text::kErrorsPerSecond), kRateSample, told(RateText(line.failures_per_s)),
              line.failures_per_s > 0 ? Tone::kFail : Tone::kPlain);
  figures.Add("p95", kLatencySample, told(line.p95));
  figures.Add("p99", kLatencySample, told(line.p99));
  DrawBots(run, figures, has_values);
  figures.Add(tr(Text::kAskedDelivered), kPairSample,
              told(Pair(RateText(line.asked_per_s), RateText(line.delivered_per_s))));
  run.ui.probe.Value("run.bots", static_cast<double>(line.bots_active));
  run.ui.probe.Value("run.requests_per_s", line.requests_per_s);
  return figures.bottom();
}

/// How much the verdict may need, whatever it is: nothing beside it moves.
float WidthOfVerdicts(const RunContext& run, const ImFont& font) {
  return WidthIn(font, "FAIL 888") + run.ui.fonts.text->FontSize +
         WidthIn(*run.ui.fonts.small, run.ui.tr(Text::kSoFar));
}

void DrawVerdict(const RunContext& run, ImFont* font, float right, float top) {
  const RunVerdict verdict = VerdictOf(run.now.view.get());
  run.ui.probe.Value("run.verdict", verdict.text);
  if (run.now.view == nullptr) return;
  ImGui::PushFont(font);
  const ImVec2 size = ImGui::CalcTextSize(verdict.text.c_str());
  ImGui::SetCursorScreenPos({right - size.x, top});
  Toned(run.ui, verdict.tone, verdict.text);
  run.ui.probe.Item("run.verdict");
  ImGui::PopFont();
  if (!run.now.goes_on() || verdict.text == "-") return;
  const char* so_far = run.ui.tr(Text::kSoFar);
  ImGui::PushFont(run.ui.fonts.small);
  const float width = ImGui::CalcTextSize(so_far).x + 0.6F * ImGui::GetFontSize();
  const float below = (size.y - ImGui::GetFontSize()) * 0.7F;  // about where both are written
  ImGui::SetCursorScreenPos({right - size.x - width, top + below});
  Quiet(run.ui, so_far);
  run.ui.probe.Item("run.so_far");
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

/// Returns where the buttons begin.
float DrawSteering(const RunContext& run, float right) {
  const Texts& tr = run.ui.tr;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const bool is_paused = IsPaused(run.now);
  const bool can_steer = run.now.status && run.now.status->state != RunState::kStarting;
  const float pause = std::max(ButtonWidth(tr(Text::kPause)), ButtonWidth(tr(Text::kResume)));
  const float end = ButtonWidth(tr(Text::kEndRun));
  const float abort = ButtonWidth(tr(Text::kAbort));
  const float left = right - pause - end - abort - 2 * gap;
  ImGui::SetCursorScreenPos({left, ImGui::GetCursorScreenPos().y});
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
  return left;
}

/// Only where there is room. Returns where the buttons begin.
float DrawCopyBefore(const RunContext& run, const std::string& command_line, float right,
                     float top) {
  const float left =
      right - ImGui::GetStyle().ItemSpacing.x - ButtonWidth(run.ui.tr(Text::kCopyCommand));
  const float room = left - ImGui::GetWindowPos().x;
  if (command_line.empty() || room < 30 * ImGui::GetFontSize()) return right;
  ImGui::SetCursorScreenPos({left, top});
  if (Button(run.ui, "run.copy", Text::kCopyCommand, Text::kCopyCommandTip))
    run.ui.Copy(command_line);
  return left;
}

}  // namespace

void TogglePause(const RunContext& run) {
  if (IsPaused(run.now))
    run.Do(ResumeCommand{});
  else
    run.Do(PauseCommand{});
}

float Header::DrawButtons(const RunContext& run, SaveReports& save, float right) {
  const std::string command_line = command_line_ ? command_line_() : std::string();
  if (run.now.goes_on()) {
    const float top = ImGui::GetCursorScreenPos().y;
    const float left = DrawSteering(run, right);
    return DrawCopyBefore(run, command_line, left, top);
  }
  const Texts& tr = run.ui.tr;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const bool has_result = run.now.state == RunHost::State::kOver;
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
  return right - width;
}

float Header::DrawTitle(const RunContext& run, const Card& card, float right) {
  const float em = ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float row = ImGui::GetFrameHeight();
  const RunProgress progress = ProgressOf(run.now.status, run.now.view.get(), run.ui.tr);
  const float room = right - at.x - em;
  const float beside = std::min(16 * em, 0.24F * card.inner_width());
  const bool is_narrow = beside + em + WidthOfStateAndProgress(run, progress) > room;
  const float name = is_narrow ? std::min(16 * em, room) : beside;
  ImGui::PushFont(run.ui.fonts.title);
  Cut(NameOfRun(run), name);
  ImGui::PopFont();
  const float middle = at.y + std::round((row - em) / 2) - 2;
  ImGui::SetCursorScreenPos(is_narrow ? ImVec2{at.x, at.y + row}
                                      : ImVec2{at.x + name + em, middle});
  DrawState(run);
  DrawProgress(run, progress, is_narrow ? card.right() : right);
  return at.y + row + (is_narrow ? 1.3F * em : 0);
}

void Header::Draw(const RunContext& run, SaveReports& save) {
  const Card card("header", run.ui.theme->card, run.ui.theme->line);
  const float em = ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float buttons = DrawButtons(run, save, card.right());
  ImGui::SetCursorScreenPos(at);
  const float top = DrawTitle(run, card, buttons) + 0.4F * em;
  constexpr float kWideEms = 60;  // less is for figures
  ImFont* font = card.inner_width() > kWideEms * em ? run.ui.fonts.huge : run.ui.fonts.title;
  ImGui::SetCursorScreenPos({at.x, top});
  const float bottom = DrawFigures(run, card.right() - WidthOfVerdicts(run, *font) - em);
  DrawVerdict(run, font, card.right(), top);
  ImGui::SetCursorScreenPos({at.x, std::max(bottom, top + font->FontSize) + 0.5F * em});
  DrawThresholds(run, card.inner_width());
}

}  // namespace stressbot::run
