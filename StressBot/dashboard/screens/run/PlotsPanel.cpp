#include "StressBot/dashboard/screens/run/PlotsPanel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/model/ChartWords.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"

namespace stressbot::run {

namespace {

constexpr double kMinute_s = 60, kTenMinutes_s = 600;
constexpr const char* kLatencyChart = "latency";  ///< id of the charts of RunView::latencies

plot::PlotTexts PlotTextsOf(const Texts& tr) {
  plot::PlotTexts texts;
  texts.no_data = tr(Text::kPlotNoData);
  texts.no_replies = tr(Text::kPlotNoReplies);
  texts.failed = tr(Text::kPlotFailed);
  texts.all_hidden = tr(Text::kPlotAllHidden);
  texts.legend_hint = tr(Text::kPlotLegendHint);
  texts.count_in_cell = tr(Text::kPlotCountInCell);
  texts.requests = tr(Text::kPlotRequests);
  return texts;
}

/// By its name in either language; nullptr if there is none.
const LatencyChoice* FindLatency(const RunView& view, const std::string& step) {
  const auto found = std::find_if(
      view.latencies.begin(), view.latencies.end(),
      [&step](const LatencyChoice& each) { return each.name == step || each.step == step; });
  return found == view.latencies.end() ? nullptr : &*found;
}

float RightOfWindow() { return ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x; }

/// What is drawn next stands beside the last item, if there is so much room.
void GoOn(float width) {
  const float beside = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x;
  if (beside + width <= RightOfWindow()) ImGui::SameLine();
}

/// As many columns of plots as are not too narrow.
int FittingColumns() {
  constexpr float kWidthMinEms = 22;
  return ImGui::GetContentRegionAvail().x > 2 * kWidthMinEms * ImGui::GetFontSize() ? 2 : 1;
}

/// A button that shows whether what it does is so already.
bool SpanButton(const RunContext& run, const char* probe_name, Text text, bool is_on,
                const char* tip) {
  const Theme& theme = *run.ui.theme;
  if (is_on) ImGui::PushStyleColor(ImGuiCol_Button, theme.link.WithAlpha(60).packed());
  const bool is_pressed = ImGui::Button(run.ui.tr(text));
  if (is_on) ImGui::PopStyleColor();
  run.ui.probe.Item(probe_name);
  Tip(tip);
  return is_pressed;
}

void Follow(const RunContext& run, double span_s) {
  run.focus.time.Pin({});
  run.focus.time.Follow(span_s);
}

}  // namespace

void PlotsPanel::TakeMarks(const RunContext& run) {
  const RunFocus& focus = run.focus;
  if (marks_of_ == run.now.view && chosen_ == focus.mark) return;
  marks_of_ = run.now.view;
  chosen_ = focus.mark;
  marks_ = run.now.view->marks;
  if (chosen_) marks_.push_back({chosen_->at_s, chosen_->text, plot::Mark::Kind::kChosen});
}

void PlotsPanel::TakePlaces(const RunView& view) {
  const auto take = [this](const std::string& id) {
    if (std::find(places_.begin(), places_.end(), id) == places_.end()) places_.push_back(id);
  };
  take(kLatencyChart);
  for (const plot::Chart& chart : view.charts) take(chart.id);
  if (!view.heat.columns.empty()) take(view.heat.id);
}

void PlotsPanel::Reset() {
  places_.clear();
  first_step_.clear();
}

const LatencyChoice* PlotsPanel::ChosenLatency(const RunContext& run) {
  const RunView& view = *run.now.view;
  const LatencyChoice* chosen = FindLatency(view, run.focus.step);
  if (chosen != nullptr || view.latencies.empty()) return chosen;
  chosen = FindLatency(view, first_step_);
  if (chosen == nullptr) chosen = &view.latencies.front();
  constexpr double kKeptFrom_s = 5;  // until then most of what bots do is to log in
  if (view.is_over || view.headline.seconds >= kKeptFrom_s) first_step_ = chosen->step;
  return chosen;
}

void PlotsPanel::DrawStepChoice(const RunContext& run) {
  const RunView& view = *run.now.view;
  const LatencyChoice* chosen = ChosenLatency(run);
  run.ui.probe.Value("run.plot.step", chosen == nullptr ? std::string() : chosen->step);
  if (chosen == nullptr || view.latencies.size() < 2) return;
  const float width = 13 * ImGui::GetFontSize();
  GoOn(width);
  ImGui::SetNextItemWidth(width);
  const bool is_open =
      ImGui::BeginCombo("##step", chosen->name.c_str(), ImGuiComboFlags_HeightLarge);
  run.ui.probe.Item("run.plot.step");
  Tip(run.ui.tr(Text::kPlotStepTip));
  if (!is_open) return;
  for (std::size_t i = 0; i < view.latencies.size(); ++i) {
    const LatencyChoice& choice = view.latencies[i];
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::Selectable(choice.name.c_str(), &choice == chosen)) {
      run.focus.step = choice.step;
      run.focus.wanted_chart = choice.chart.id;
    }
    if (run.ui.probe.enabled()) run.ui.probe.Item("run.plot.step." + choice.step);
    ImGui::PopID();
  }
  ImGui::EndCombo();
}

void PlotsPanel::DrawTools(const RunContext& run) {
  const plot::TimeView& time = run.focus.time;
  const int fitting = FittingColumns();
  const auto go_on = [&run](Text text) { GoOn(ButtonWidth(run.ui.tr(text))); };
  const auto follows = [&time](double span_s) {
    return time.IsLive() && time.followed_span_s() == span_s;
  };
  if (SpanButton(run, "run.view.minute", Text::kLastMinute, follows(kMinute_s), "1"))
    Follow(run, kMinute_s);
  go_on(Text::kTenMinutes);
  if (SpanButton(run, "run.view.ten_minutes", Text::kTenMinutes, follows(kTenMinutes_s), "2"))
    Follow(run, kTenMinutes_s);
  go_on(Text::kWholeRun);
  if (SpanButton(run, "run.view.whole", Text::kWholeRun, follows(plot::TimeView::kWholeRun), "3"))
    Follow(run, plot::TimeView::kWholeRun);
  if (run.now.goes_on()) {
    go_on(Text::kLive);
    ImGui::BeginDisabled(time.IsLive());
    if (SpanButton(run, "run.view.live", Text::kLive, time.IsLive(), "L")) {
      run.focus.time.Pin({});
      run.focus.time.BackToLive();
    }
    ImGui::EndDisabled();
  }
  DrawStepChoice(run);
  if (fitting < 2) return;
  const int shown = columns_ == 0 ? 2 : columns_;
  const char* text = run.ui.tr(shown == 2 ? Text::kOneColumn : Text::kTwoColumns);
  GoOn(ButtonWidth(text));
  ImGui::SetCursorScreenPos({RightOfWindow() - ButtonWidth(text), ImGui::GetCursorScreenPos().y});
  if (ImGui::Button(text)) columns_ = shown == 2 ? 1 : 2;
  run.ui.probe.Item("run.plot.columns");
}

void PlotsPanel::DrawGrid(const RunContext& run) {
  const RunView& view = *run.now.view;
  TakeMarks(run);
  const plot::PlotTexts texts = PlotTextsOf(run.ui.tr);
  const plot::PlotStyle& style = run.ui.theme->is_dark ? plot::DarkPlots() : plot::LightPlots();
  const plot::PlotFrame frame{view.points, marks_, view.bands, run.focus.time, texts, style};
  const float em = ImGui::GetFontSize();
  const float gap = ImGui::GetStyle().ItemSpacing.y;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const int fitting = FittingColumns();
  const int columns = columns_ == 0 ? fitting : std::min(columns_, fitting);
  const float width =
      std::floor((room.x - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const float height = std::floor(std::clamp((room.y - gap) / 2, 8.5F * em, 19 * em));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  int place = 0;
  std::optional<std::size_t> clicked;
  const auto begin_cell = [&] {
    if (place++ % columns != 0) ImGui::SameLine();
  };
  const auto end_cell = [&](const std::string& id, std::optional<std::size_t> mark) {
    if (mark) clicked = mark;
    if (run.focus.wanted_chart == id) {
      ImGui::SetScrollHereY(0.5F);
      run.focus.wanted_chart.clear();
    }
    if (run.ui.probe.enabled()) run.ui.probe.Item("run.plot." + id);
  };
  const LatencyChoice* chosen = ChosenLatency(run);
  plot::Chart no_latency;
  no_latency.id = kLatencyChart;
  no_latency.title = ChartWord(run.ui.tr.language(), "Latency");
  TakePlaces(view);
  for (const std::string& id : places_) {
    const auto found = std::find_if(view.charts.begin(), view.charts.end(),
                                    [&id](const plot::Chart& each) { return each.id == id; });
    const plot::Chart* chart = found == view.charts.end() ? nullptr : &*found;
    if (id == kLatencyChart) chart = chosen == nullptr ? &no_latency : &chosen->chart;
    const bool is_heat = id == view.heat.id;
    if (chart == nullptr && !is_heat) continue;
    begin_cell();
    plot::ChartState& state = states_[id];
    end_cell(id, is_heat ? plot::DrawHeat(view.heat, frame, state, {width, height})
                         : plot::Draw(*chart, frame, state, {width, height}));
  }
  ImGui::PopStyleVar();
  run.focus.wanted_chart.clear();  // it may be of a run that is gone
  if (clicked && *clicked < marks_.size()) {
    run.ShowMark(marks_[*clicked]);
    run.focus.wanted_tab = Tab::kEvents;
  }
  if (run.focus.time.EndFrame()) run.ui.is_settling = true;
}

void PlotsPanel::Draw(const RunContext& run) {
  const RunView* view = run.now.view.get();
  if (view == nullptr) {
    EmptyState(run.ui,
               run.ui.tr(run.now.state == RunHost::State::kPreparing ? Text::kWaitingForServer
                                                                     : Text::kWaitingForSecond));
    return;
  }
  if (view->points.empty()) {
    EmptyState(run.ui, run.ui.tr(view->is_over ? Text::kNothingMeasured : Text::kWaitingForSecond));
    return;
  }
  DrawTools(run);
  if (ImGui::BeginChild("plots", {0, 0}, false, ImGuiWindowFlags_NoBackground)) DrawGrid(run);
  ImGui::EndChild();
  run.ui.probe.Value("view.from", run.focus.time.from_s());
  run.ui.probe.Value("view.to", run.focus.time.to_s());
}

void PlotsPanel::Obey(const RunContext& run) {
  const auto pressed = [&run](char letter) { return run.ui.Pressed({.key = letter}); };
  plot::TimeView& time = run.focus.time;
  using Key = plot::TimeView::Key;
  if (pressed('A')) time.Apply(Key::kLeft);
  if (pressed('D')) time.Apply(Key::kRight);
  if (pressed('W')) time.Apply(Key::kIn);
  if (pressed('S')) time.Apply(Key::kOut);
  if (pressed('L')) {
    time.Pin({});
    time.BackToLive();
  }
  if (pressed('1')) Follow(run, kMinute_s);
  if (pressed('2')) Follow(run, kTenMinutes_s);
  if (pressed('3')) Follow(run, plot::TimeView::kWholeRun);
}

}  // namespace stressbot::run
