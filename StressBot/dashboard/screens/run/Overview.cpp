#include "StressBot/dashboard/screens/run/Overview.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/screens/run/FailuresPanel.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

constexpr std::size_t kGaugesMax = 3;
constexpr std::size_t kFailuresMax = 4;

void DrawGauge(const RunContext& run, const LatencyGauge& gauge, float width) {
  const float em = ImGui::GetFontSize();
  const float right = ImGui::GetCursorScreenPos().x + width;
  const std::string value = gauge.chip.value;
  Cut(gauge.chip.name + "  " + gauge.chip.limit, width - ImGui::CalcTextSize(value.c_str()).x - em);
  ImGui::SameLine();
  ImGui::PushStyleColor(ImGuiCol_Text, ColorOf(*run.ui.theme, gauge.chip.tone).packed());
  RightAligned(value, right);
  ImGui::PopStyleColor();
  Bar(run.ui, width, gauge.share, ColorOf(*run.ui.theme, gauge.chip.tone));
}

/// One that is so far behind that somebody should see it.
Tone ToneOfShare(double share) {
  constexpr double kWarnBelow = 0.995, kFailBelow = 0.9;
  if (share < kFailBelow) return Tone::kFail;
  return share < kWarnBelow ? Tone::kWarn : Tone::kPass;
}

/// Never more than it is.
std::string ShareText(double share) {
  return fmt::format("{:.1f} %", 100 * std::floor(share * 1000) / 1000);
}

void DrawRateBar(const RunContext& run, Text name, double rate, double whole, float width,
                 Color color) {
  const float em = ImGui::GetFontSize();
  const float left = ImGui::GetCursorScreenPos().x;
  const float names = std::max(ImGui::CalcTextSize(run.ui.tr(Text::kAsked)).x,
                               ImGui::CalcTextSize(run.ui.tr(Text::kDelivered)).x) +
                      0.7F * em;
  const float numbers = 5 * em;
  Quiet(run.ui, run.ui.tr(name));
  ImGui::SameLine();
  ImGui::SetCursorScreenPos({left + names, ImGui::GetCursorScreenPos().y});
  Bar(run.ui, width - names - numbers, whole > 0 ? rate / whole : 0, color);
  ImGui::SameLine();
  RightAligned(RateText(rate) + "/s", left + width);
}

}  // namespace

void DrawLoadCard(const RunContext& run) {
  const RunHeadline& line = run.now.view->headline;
  const Card card("load", run.ui.theme->card, run.ui.theme->line);
  Toned(run.ui, Tone::kQuiet, run.ui.tr(Text::kLoad));
  ImGui::SameLine();
  const Tone tone = line.delivered_share ? ToneOfShare(*line.delivered_share) : Tone::kQuiet;
  ImGui::PushStyleColor(ImGuiCol_Text, ColorOf(*run.ui.theme, tone).packed());
  RightAligned(line.delivered_share
                   ? run.ui.tr.Format(Text::kDeliveredShare, ShareText(*line.delivered_share))
                   : "-",
               card.right());
  ImGui::PopStyleColor();
  Tip(run.ui.tr(Text::kDeliveredTip));
  const double whole = std::max(line.asked_per_s, line.delivered_per_s);
  DrawRateBar(run, Text::kAsked, line.asked_per_s, whole, card.inner_width(), run.ui.theme->quiet);
  DrawRateBar(run, Text::kDelivered, line.delivered_per_s, whole, card.inner_width(),
              tone == Tone::kPass || tone == Tone::kQuiet ? run.ui.theme->lines[0]
                                                          : ColorOf(*run.ui.theme, tone));
  const bool is_late = line.lateness_p99_ns > GeneratorReport::kLatenessMaxNs;
  ImGui::PushFont(run.ui.fonts.small);
  Toned(run.ui, is_late ? Tone::kWarn : Tone::kQuiet,
        run.ui.tr.Format(Text::kLateness, FormatLatency(line.lateness_p99_ns)));
  ImGui::PopFont();
  Tip(run.ui.tr(Text::kLatenessTip));
}

void DrawLatencyCard(const RunContext& run) {
  const std::vector<LatencyGauge> gauges = LatencyGauges(*run.now.view, run.ui.tr);
  if (gauges.empty()) return;
  const Card card("latency", run.ui.theme->card, run.ui.theme->line);
  Quiet(run.ui, run.ui.tr(Text::kLatencyAgainstLimit));
  for (std::size_t i = 0; i < std::min(gauges.size(), kGaugesMax); ++i)
    DrawGauge(run, gauges[i], card.inner_width());
}

void DrawFirstFailuresCard(const RunContext& run) {
  const auto& failures = run.now.view->result.first_failures;
  const Card card("failures", run.ui.theme->card, run.ui.theme->line);
  Quiet(run.ui, run.ui.tr(Text::kFirstFailures));
  if (failures.empty()) {
    Small(run.ui, run.ui.tr(run.now.goes_on() ? Text::kNoFailuresYet : Text::kNoFailures));
    return;
  }
  for (std::size_t i = 0; i < std::min(failures.size(), kFailuresMax); ++i) {
    const Text tip =
        failures[i].conversation.empty() ? Text::kOpenFailure : Text::kOpenConversation;
    const std::string name = fmt::format("run.failure.{}", i);
    if (FailureRow(run, failures[i], card.inner_width(), false, name, run.ui.tr(tip)))
      run.ShowFailure(i);
  }
  ImGui::Dummy({0, 0});
}

void DrawOverview(const RunContext& run) {
  DrawServerCard(run);
  if (run.now.view == nullptr || !run.now.view->has_metrics) return;
  DrawLoadCard(run);
  DrawLatencyCard(run);
  DrawFunnelCard(run);
  DrawFirstFailuresCard(run);
}

}  // namespace stressbot::run
