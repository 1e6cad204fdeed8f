#include "StressBot/dashboard/screens/run/ServerOutput.h"

#include <fmt/format.h>
#include <imgui.h>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

/// A run of a file has only the last lines of a server that died.
std::vector<ServerLine> LastLinesOf(const RunResult& result) {
  std::vector<ServerLine> lines;
  for (const ServerReport& server : result.servers) {
    for (const std::string& line : server.last_lines)
      lines.push_back({plot::kNoValue, ToPrintable(line)});
  }
  return lines;
}

}  // namespace

void ServerOutput::TakeLines(const RunContext& run) {
  const RunNow& now = run.now;
  const bool may_have_last_lines = lines_.empty() && now.view != lines_of_;
  const bool has_changed = now.server_lines_version != version_ || may_have_last_lines;
  if (!has_changed && filter_ == order_filter_) return;
  if (has_changed) {
    is_new_ = true;
    version_ = now.server_lines_version;
    lines_of_ = now.view;
    lines_ = now.server_lines;
    if (lines_.empty() && now.view != nullptr) lines_ = LastLinesOf(now.view->result);
  }
  order_filter_ = filter_;
  order_ = FilterLines(lines_, filter_);
}

std::string ServerOutput::AllText() const {
  std::string text;
  for (const std::size_t place : order_) text += lines_[place].text + "\n";
  return text;
}

void ServerOutput::DrawTools(const RunContext& run) {
  FilterField(run.ui, "##filter", filter_, 15 * ImGui::GetFontSize());
  run.ui.probe.Item("run.server.filter");
  ImGui::SameLine();
  ImGui::Checkbox(run.ui.tr(Text::kFollowEnd), &follows_);
  run.ui.probe.Item("run.server.follow");
  ImGui::SameLine();
  if (Button(run.ui, "run.server.copy", Text::kCopy, Text::kCopyLinesTip)) run.ui.Copy(AllText());
  ImGui::SameLine();
  Quiet(run.ui, run.ui.tr.Format(Text::kShownOf, order_.size(), lines_.size()));
}

void ServerOutput::DrawLines(const RunContext& run) {
  constexpr ImGuiTableFlags kFlags =
      ImGuiTableFlags_ScrollY | ImGuiTableFlags_ScrollX | ImGuiTableFlags_SizingFixedFit;
  if (!ImGui::BeginTable("lines", 2, kFlags)) return;
  ImGui::TableSetupColumn("time", 0, 5 * ImGui::GetFontSize());
  ImGui::TableSetupColumn("text");
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(order_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ServerLine& line = lines_[order_[static_cast<std::size_t>(i)]];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      const bool has_time = line.at_s > 0;
      if (has_time) Quiet(run.ui, fmt::format("{:.3f} s", line.at_s));
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(line.text.data(), line.text.data() + line.text.size());
    }
  }
  // Who scrolls up wants to read; who comes back to the end follows again.
  const bool is_scrolled = ImGui::GetIO().MouseWheel != 0 && ImGui::IsWindowHovered();
  const bool is_at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
  if (is_scrolled) follows_ = is_at_end && ImGui::GetIO().MouseWheel < 0;
  if (follows_ && (is_new_ || !is_at_end)) ImGui::SetScrollY(ImGui::GetScrollMaxY() + 1e6F);
  is_new_ = false;
  ImGui::EndTable();
}

void ServerOutput::Draw(const RunContext& run) {
  TakeLines(run);
  if (lines_.empty()) {
    EmptyState(run.ui, run.ui.tr(Text::kNoServerLines));
    return;
  }
  DrawTools(run);
  TakeLines(run);
  DrawLines(run);
}

}  // namespace stressbot::run
