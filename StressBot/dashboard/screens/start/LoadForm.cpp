#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "StressBot/dashboard/screens/start/ScenarioForm.h"
#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/metrics/Format.h"

namespace stressbot::start {

namespace {

constexpr float kFieldWidth = 88;

/// The group's numbers over the whole load, as a filled line, for its shape.
void DrawCurve(const Ui& ui, const GroupSummary& group, double seconds) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::max(ImGui::GetContentRegionAvail().x, 40 * ui.scale),
                    ImGui::GetFrameHeight()};
  ImGui::Dummy(size);
  const auto value = [](const LoadPoint& point) { return point.value; };
  const double most = std::ranges::max(group.curve, {}, value).value;
  if (!(most > 0) || !(seconds > 0)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float bottom = at.y + size.y - 2 * ui.scale, top = at.y + 4 * ui.scale;
  const auto place = [&](const LoadPoint& point) {
    return ImVec2{at.x + static_cast<float>(point.at_s / seconds) * size.x,
                  bottom - static_cast<float>(point.value / most) * (bottom - top)};
  };
  const Color color = ui.theme->lines[group.is_open ? 1 : 0];
  list.AddLine({at.x, bottom}, {at.x + size.x, bottom}, ui.theme->line.packed());
  ImVec2 before{place(group.curve.front()).x, bottom};
  for (const LoadPoint& point : group.curve) {
    const ImVec2 here = place(point);
    list.AddQuadFilled({before.x, bottom}, before, here, {here.x, bottom},
                       color.WithAlpha(50).packed());
    list.AddLine(before, here, color.packed(), 1.5F * ui.scale);
    before = here;
  }
  list.AddLine(before, {before.x, bottom}, color.packed(), 1.5F * ui.scale);
}

bool HasOpen(const RunSettings& settings) {
  return std::ranges::any_of(settings.groups, &RunSettings::Group::is_open);
}

void DrawGroup(Form& form, const GroupSummary& group, RunSettings::Group& edited) {
  Ui& ui = form.ui;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(group.name.c_str());
  ImGui::TableNextColumn();
  ImGui::AlignTextToFramePadding();
  SmallText(ui, group.executor);
  ImGui::TableNextColumn();
  EditedField(form, "bots." + group.name, edited.bots, 96);
  if (HasOpen(form.settings)) ImGui::TableNextColumn();
  if (group.is_open) EditedField(form, "rate." + group.name, edited.rate, 96);
  ImGui::TableNextColumn();
  ImGui::AlignTextToFramePadding();
  const std::string from = group.start > Nanoseconds::zero() ? FormatSpan(group.start) + " + " : "";
  ImGui::TextUnformatted((from + FormatSpan(group.length)).c_str());
  ImGui::TableNextColumn();
  DrawCurve(ui, group, std::chrono::duration<double>(form.scenario.length).count());
}

void DrawProblems(const Form& form, const RunSettings::Group& group) {
  for (const std::string& field : {"bots." + group.name, "rate." + group.name}) {
    const char* problem = form.ProblemOf(field);
    if (problem == nullptr) continue;
    ProblemText(form.ui, fmt::format("{}: {}", group.name, problem).c_str());
    form.ui.probe.Value("start.problem." + field, problem);
  }
}

void DrawGroups(Form& form) {
  Ui& ui = form.ui;
  const bool has_open = HasOpen(form.settings);
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingFixedFit;
  if (!ImGui::BeginTable("##groups", has_open ? 6 : 5, kFlags)) return;
  const auto column = [&](const char* name, ImGuiTableColumnFlags flags = 0) {
    ImGui::TableSetupColumn(name, flags);
  };
  column(ui.tr(Text::kGroup));
  column(ui.tr(Text::kExecutor));
  column(ui.tr(Text::kBots));
  if (has_open) column(ui.tr(Text::kArrivals));
  column(ui.tr(Text::kLength));
  column(ui.tr(Text::kCourse), ImGuiTableColumnFlags_WidthStretch);
  ImGui::PushStyleColor(ImGuiCol_Text, ToVec4(ui.theme->quiet));
  ImGui::TableHeadersRow();
  ImGui::PopStyleColor();
  for (std::size_t i = 0; i < form.scenario.groups.size(); ++i) {
    DrawGroup(form, form.scenario.groups[i], form.settings.groups[i]);
  }
  ImGui::EndTable();
}

}  // namespace

void DrawLoad(Form& form) {
  Ui& ui = form.ui;
  DrawGroups(form);
  ui.probe.Value("start.length", FormatSpan(form.scenario.length));
  for (const RunSettings::Group& group : form.settings.groups) DrawProblems(form, group);
  const auto field = [&](Text label, const char* name, EditedText& text) {
    const float width = ImGui::CalcTextSize(ui.tr(label)).x + (kFieldWidth + 12) * ui.scale;
    if (label != Text::kDuration) BesideIfItFits(ui, width);
    Label(ui, ui.tr(label), 0);
    EditedField(form, name, text, kFieldWidth);
  };
  field(Text::kDuration, "duration", form.settings.duration);
  field(Text::kScale, "scale", form.settings.scale);
  field(Text::kSeed, "seed", form.settings.seed);
  for (const char* name : {"duration", "scale", "seed"}) {
    if (const char* problem = form.ProblemOf(name)) {
      ProblemText(ui, problem);
      ui.probe.Value(std::string("start.problem.") + name, problem);
    }
  }
}

}  // namespace stressbot::start
