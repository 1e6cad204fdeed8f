#include "StressBot/dashboard/screens/run/StepTable.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <iterator>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

constexpr int kFirstLatency = 3;
constexpr int kLatencies = static_cast<int>(std::size(kLatencyColumns));
constexpr int kFromSent = kFirstLatency + kLatencies, kOmitted = kFromSent + 1,
              kStepColumns = kOmitted + 1;

std::string LatencyHeading(double percent) {
  if (percent <= 0) return "min";
  if (percent >= 100) return "max";
  return "p" + FormatShort(percent);
}

StepSort SortOf(const ImGuiTableSortSpecs& specs) {
  StepSort sort;
  if (specs.SpecsCount == 0) return sort;
  const int column = specs.Specs[0].ColumnIndex;
  sort.descending = specs.Specs[0].SortDirection == ImGuiSortDirection_Descending;
  if (column == 0) sort.by = StepSort::By::kName;
  if (column == 1) sort.by = StepSort::By::kCount;
  if (column == 2) sort.by = StepSort::By::kRate;
  if (column == kFromSent) sort.by = StepSort::By::kFromSent;
  if (column == kOmitted) sort.by = StepSort::By::kOmitted;
  if (column >= kFirstLatency && column < kFromSent) {
    sort.by = StepSort::By::kLatency;
    sort.latency = static_cast<std::size_t>(column - kFirstLatency);
  }
  return sort;
}

/// Numbers stand under each other.
void NumberCell(const std::string& text) {
  ImGui::TableNextColumn();
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  RightAligned(text, right);
}

void SetUpColumns(const Texts& tr) {
  // Shares of the width: "≥ 12.4 ms" must fit.
  constexpr float kNameShare = 2, kCountShare = 1.1F, kRateShare = 0.9F, kLatencyShare = 1.3F;
  const auto number = [](const char* name, float share) {
    constexpr ImGuiTableColumnFlags kFlags =
        ImGuiTableColumnFlags_WidthStretch | ImGuiTableColumnFlags_PreferSortDescending;
    ImGui::TableSetupColumn(name, kFlags, share);
  };
  ImGui::TableSetupScrollFreeze(1, 1);
  ImGui::TableSetupColumn(tr(Text::kStep), ImGuiTableColumnFlags_WidthStretch, kNameShare);
  number(tr(Text::kCountColumn), kCountShare);
  number(tr(Text::kPerSecond), kRateShare);
  for (const double percent : kLatencyColumns)
    number(LatencyHeading(percent).c_str(), kLatencyShare);
  number(tr(Text::kSentToReply), kLatencyShare);
  number(tr(Text::kOmittedColumn), kCountShare);
  ImGui::TableHeadersRow();
}

void DrawStepRow(const RunContext& run, const StepRow& row, int place) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  if (row.has_failed) ImGui::PushStyleColor(ImGuiCol_Text, run.ui.theme->fail.packed());
  if (ImGui::Selectable(ToPrintable(row.name).c_str(), run.focus.step == row.name,
                        ImGuiSelectableFlags_SpanAllColumns)) {
    run.focus.step = row.name;
    for (const LatencyChoice& choice : run.now.view->latencies) {
      if (ToPrintable(choice.step) == row.name) run.focus.wanted_chart = choice.chart.id;
    }
  }
  if (row.has_failed) ImGui::PopStyleColor();
  if (run.ui.probe.enabled()) run.ui.probe.Item(fmt::format("run.step.{}", place));
  Tip(run.ui.tr(Text::kStepRowTip));
  NumberCell(FormatCount(row.count));
  NumberCell(RateText(row.per_s));
  for (const std::string& latency : row.latencies) NumberCell(latency);
  NumberCell(row.from_sent_p99);
  NumberCell(row.omitted == 0 ? "-" : FormatCount(row.omitted));
}

}  // namespace

void StepTable::TakeOrder(const RunContext& run, ImGuiTableSortSpecs* specs) {
  const StepSort sort = specs == nullptr ? StepSort{} : SortOf(*specs);
  if (order_of_ == run.now.view && sort == sort_) return;
  order_of_ = run.now.view;
  sort_ = sort;
  order_ = SortSteps(run.now.view->steps, sort);
}

void StepTable::Draw(const RunContext& run) {
  if (run.now.view == nullptr || run.now.view->steps.empty()) {
    EmptyState(run.ui, run.ui.tr(run.now.goes_on() ? Text::kNoStepsYet : Text::kNoSteps));
    return;
  }
  // Twelve columns need much room: the smaller letters where there is not so much.
  constexpr float kEmsNeeded = 60;
  const bool is_narrow = ImGui::GetContentRegionAvail().x < kEmsNeeded * ImGui::GetFontSize();
  if (is_narrow) ImGui::PushFont(run.ui.fonts.small);
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  DrawTable(run, std::max(room, kEmsNeeded * ImGui::GetFontSize()));
  if (is_narrow) ImGui::PopFont();
}

void StepTable::DrawTable(const RunContext& run, float inner) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_Sortable | ImGuiTableFlags_SortTristate |
                                     ImGuiTableFlags_ScrollY | ImGuiTableFlags_ScrollX |
                                     ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp |
                                     ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_Resizable;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding,
                      {0.3F * ImGui::GetFontSize(), ImGui::GetStyle().CellPadding.y});
  const bool is_shown = ImGui::BeginTable("steps", kStepColumns, kFlags, {0, 0}, inner);
  ImGui::PopStyleVar();  // the table keeps it
  if (!is_shown) return;
  SetUpColumns(run.ui.tr);
  TakeOrder(run, ImGui::TableGetSortSpecs());
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(order_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      ImGui::PushID(i);
      DrawStepRow(run, run.now.view->steps[order_[static_cast<std::size_t>(i)]], i);
      ImGui::PopID();
    }
  }
  ImGui::EndTable();
}

}  // namespace stressbot::run
