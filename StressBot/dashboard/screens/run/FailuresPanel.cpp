#include "StressBot/dashboard/screens/run/FailuresPanel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

using Way = ConversationLine::Way;

const char* ArrowOfWay(Way way) {
  switch (way) {
    case Way::kSent:
      return "→";
    case Way::kReceived:
    case Way::kUnwanted:
      return "←";
    case Way::kNote:
      break;
  }
  return "";
}

Color ColorOfWay(const Theme& theme, Way way) {
  switch (way) {
    case Way::kSent:
      return theme.lines[1];
    case Way::kReceived:
      return theme.lines[0];
    case Way::kUnwanted:
    case Way::kNote:
      break;
  }
  return theme.quiet;
}

void ColoredCell(Color color, const std::string& text) {
  ImGui::TableNextColumn();
  ImGui::PushStyleColor(ImGuiCol_Text, color.packed());
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
}

void DrawLine(const RunContext& run, const ConversationLine& line) {
  const Theme& theme = *run.ui.theme;
  const bool is_note = line.way == Way::kNote;
  const Color color = ColorOfWay(theme, line.way);
  ImGui::TableNextRow();
  ColoredCell(theme.quiet, fmt::format("{:.3f} s", std::chrono::duration<double>(line.at).count()));
  ColoredCell(color, ArrowOfWay(line.way));
  ColoredCell(theme.quiet, ToPrintable(line.server));
  ColoredCell(color, is_note ? "" : fmt::format("{} ({})", ToPrintable(line.packet), line.id));
  ColoredCell(theme.quiet, is_note ? "" : FormatCount(line.bytes) + " B");
  std::string content = ToPrintable(line.content);
  if (line.skipped > 0)
    content += "  " + run.ui.tr.Format(Text::kPacketsNotShown, FormatCount(line.skipped));
  ColoredCell(line.way == Way::kUnwanted ? theme.quiet : theme.text, content);
  if (!line.step.empty()) Tip(run.ui.tr.Format(Text::kInStep, ToPrintable(line.step)));
}

}  // namespace

bool FailureRow(const RunContext& run, const FirstFailure& failure, float width, bool is_chosen,
                const std::string& probe_name, const char* tip) {
  ImGui::PushID(probe_name.c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string text = ToPrintable(failure.text);
  const float height = run.ui.fonts.small->FontSize +
                       ImGui::CalcTextSize(text.c_str(), nullptr, false, width).y +
                       ImGui::GetStyle().ItemInnerSpacing.y;
  const bool is_pressed = ImGui::Selectable("##failure", is_chosen, 0, {width, height});
  run.ui.probe.Item(probe_name);
  Tip(tip);
  const ImVec2 end = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos(at);
  ImGui::BeginGroup();
  ImGui::PushFont(run.ui.fonts.small);
  Toned(run.ui, Tone::kFail, ToPrintable(failure.metric));
  ImGui::PopFont();
  ImGui::SetCursorScreenPos({at.x, at.y + run.ui.fonts.small->FontSize + 2});
  Wrapped(text, width);
  ImGui::EndGroup();
  ImGui::SetCursorScreenPos(end);
  ImGui::PopID();
  return is_pressed;
}

void FailuresPanel::DrawList(const RunContext& run) {
  const auto& failures = run.now.view->result.first_failures;
  const float width = ImGui::GetContentRegionAvail().x;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const std::string name = fmt::format("run.failures.{}", i);
    if (FailureRow(run, failures[i], width, i == run.focus.failure, name, ""))
      run.focus.failure = i;
  }
  ImGui::Dummy({0, 0});
}

void FailuresPanel::DrawConversation(const RunContext& run, const FirstFailure& failure) {
  constexpr std::size_t kCopyColumns = 4'000;
  if (failure.conversation.empty()) {
    EmptyState(run.ui, run.ui.tr(Text::kNoConversation));
    return;
  }
  if (Button(run.ui, "run.conversation.copy", Text::kCopy, Text::kCopyConversationTip))
    run.ui.Copy(failure.text + "\n" + FormatConversation(failure.conversation, kCopyColumns));
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  Quiet(run.ui, run.ui.tr(Text::kConversation));
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_ScrollX |
                                     ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoHostExtendX;
  constexpr int kColumns = 6;
  if (!ImGui::BeginTable("conversation", kColumns, kFlags)) return;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(failure.conversation.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      DrawLine(run, failure.conversation[static_cast<std::size_t>(i)]);
  }
  ImGui::EndTable();
  run.ui.probe.Item("run.conversation");
  run.ui.probe.Value("run.conversation.lines", static_cast<double>(failure.conversation.size()));
}

void FailuresPanel::Draw(const RunContext& run) {
  if (run.now.view == nullptr || run.now.view->result.first_failures.empty()) {
    EmptyState(run.ui, run.ui.tr(run.now.goes_on() ? Text::kNoFailuresYet : Text::kNoFailures));
    return;
  }
  const auto& failures = run.now.view->result.first_failures;
  run.focus.failure = std::min(run.focus.failure, failures.size() - 1);
  const float list = std::floor(ImGui::GetContentRegionAvail().x * 0.3F);
  if (ImGui::BeginChild("list", {list, 0})) DrawList(run);
  ImGui::EndChild();
  ImGui::SameLine();
  if (ImGui::BeginChild("conversation", {0, 0})) DrawConversation(run, failures[run.focus.failure]);
  ImGui::EndChild();
}

}  // namespace stressbot::run
