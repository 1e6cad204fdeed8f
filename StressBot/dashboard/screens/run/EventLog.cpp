#include "StressBot/dashboard/screens/run/EventLog.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "StressBot/dashboard/screens/run/RunWidgets.h"

namespace stressbot::run {

namespace {

Tone ToneOfMark(plot::Mark::Kind kind) {
  if (kind == plot::Mark::Kind::kFailure) return Tone::kFail;
  return kind == plot::Mark::Kind::kServerLine ? Tone::kQuiet : Tone::kPlain;
}

void KindBox(const RunContext& run, const char* probe_name, Text text, bool& is_wanted) {
  ImGui::SameLine();
  ImGui::Checkbox(run.ui.tr(text), &is_wanted);
  run.ui.probe.Item(probe_name);
}

}  // namespace

void EventLog::Want(plot::Mark::Kind kind) {
  if (kind == plot::Mark::Kind::kServerLine) filter_.server_lines = true;
  if (kind == plot::Mark::Kind::kFailure) filter_.failures = true;
  if (kind == plot::Mark::Kind::kEvent) filter_.events = true;
}

void EventLog::DrawFilter(const RunContext& run) {
  FilterField(run.ui, "##filter", filter_.text, 15 * ImGui::GetFontSize());
  run.ui.probe.Item("run.events.filter");
  KindBox(run, "run.events.events", Text::kEvents, filter_.events);
  const auto& marks = run.now.view->marks;
  const bool has_failures = std::any_of(marks.begin(), marks.end(), [](const plot::Mark& mark) {
    return mark.kind == plot::Mark::Kind::kFailure;
  });
  if (has_failures) KindBox(run, "run.events.failures", Text::kFailures, filter_.failures);
  KindBox(run, "run.events.lines", Text::kServerLines, filter_.server_lines);
  ImGui::SameLine();
  Quiet(run.ui, run.ui.tr.Format(Text::kShownOf, order_.size(), marks.size()));
}

void EventLog::TakeOrder(const RunContext& run) {
  if (order_of_ == run.now.view && filter_ == order_filter_) return;
  order_of_ = run.now.view;
  order_filter_ = filter_;
  order_ = FilterMarks(run.now.view->marks, filter_);
}

void EventLog::DrawRows(const RunContext& run) {
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit;
  if (!ImGui::BeginTable("events", 2, kFlags)) return;
  ImGui::TableSetupColumn("time", 0, 5.5F * ImGui::GetFontSize());
  ImGui::TableSetupColumn("text", ImGuiTableColumnFlags_WidthStretch);
  const auto& marks = run.now.view->marks;
  const float row = ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().CellPadding.y;
  if (run.focus.mark && run.focus.mark != shown_) {
    const auto place = std::find_if(order_.begin(), order_.end(), [&](std::size_t mark) {
      return run.focus.mark->Is(marks[mark]);
    });
    const auto rows_before = static_cast<float>(place - order_.begin());
    if (place != order_.end())
      ImGui::SetScrollY(std::max(0.0F, row * rows_before - ImGui::GetWindowHeight() / 2));
  }
  shown_ = run.focus.mark;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(order_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const plot::Mark& mark = marks[order_[static_cast<std::size_t>(i)]];
      ImGui::PushID(i);
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      const std::string time = fmt::format("{:.3f} s", mark.at_s);
      const bool is_chosen = run.focus.mark && run.focus.mark->Is(mark);
      if (ImGui::Selectable("##row", is_chosen, ImGuiSelectableFlags_SpanAllColumns))
        run.ShowMark(mark);
      if (run.ui.probe.enabled()) run.ui.probe.Item(fmt::format("run.event.{}", i));
      ImGui::SameLine();
      RightAligned(time, ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x);
      ImGui::TableNextColumn();
      Toned(run.ui, ToneOfMark(mark.kind), mark.text);
      ImGui::PopID();
    }
  }
  ImGui::EndTable();
}

void EventLog::Draw(const RunContext& run) {
  if (run.now.view == nullptr || run.now.view->marks.empty()) {
    EmptyState(run.ui, run.ui.tr(run.now.goes_on() ? Text::kNoEventsYet : Text::kNoEvents));
    return;
  }
  // What was clicked on a plot is to be found here.
  if (run.focus.mark && run.focus.mark != shown_) {
    if (const auto place = FindMark(run.now.view->marks, *run.focus.mark))
      Want(run.now.view->marks[*place].kind);
  }
  TakeOrder(run);
  DrawFilter(run);
  TakeOrder(run);
  DrawRows(run);
}

}  // namespace stressbot::run
