#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/screens/run/Overview.h"
#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::run {

namespace {

/// Behind the name: how many bots wait there, and, darker, how many without the reply for long.
void DrawFunnelRow(const RunContext& run, const FunnelStep& step, std::uint64_t most, float width) {
  const Theme& theme = *run.ui.theme;
  const float em = ImGui::GetFontSize();
  const float height = 1.45F * em;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const auto length = [&](std::uint64_t bots) {
    return most == 0
               ? 0.0F
               : width * static_cast<float>(static_cast<double>(bots) / static_cast<double>(most));
  };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float rounding = 0.25F * em;
  const Color color = step.is_stuck ? theme.fail : theme.lines[0];
  const float top = at.y + 1, bottom = at.y + height - 1;
  list.AddRectFilled({at.x, top}, {at.x + width, bottom}, theme.page.packed(), rounding);
  if (step.bots > 0)
    list.AddRectFilled({at.x, top}, {at.x + std::max(3.0F, length(step.bots)), bottom},
                       color.WithAlpha(step.is_stuck ? 110 : 80).packed(), rounding);
  if (step.silent > 0)
    list.AddRectFilled({at.x, top}, {at.x + std::max(3.0F, length(step.silent)), bottom},
                       (step.is_stuck ? theme.fail : theme.warn).WithAlpha(120).packed(), rounding);
  const float text_top = at.y + std::floor((height - em) / 2) - 1;
  const std::string count = FormatCount(step.bots);
  const float count_width = ImGui::CalcTextSize(count.c_str()).x;
  ImGui::SetCursorScreenPos({at.x + 0.5F * em, text_top});
  const std::string name =
      step.name == "-" ? run.ui.tr(Text::kBetweenSteps) : ToPrintable(step.name);
  Cut(name, width - count_width - 1.5F * em);
  ImGui::SetCursorScreenPos({at.x + width - count_width - 0.5F * em, text_top});
  Toned(run.ui, step.is_stuck ? Tone::kFail : Tone::kPlain, count);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  std::string tip = name + ": " + run.ui.tr.Format(Text::kBotsWait, count);
  if (step.silent > 0) tip += "\n" + run.ui.tr.Format(Text::kBotsSilent, FormatCount(step.silent));
  Tip(tip);
}

}  // namespace

void DrawFunnelCard(const RunContext& run) {
  const auto& funnel = run.now.view->funnel;
  if (funnel.empty()) return;
  const Card card("funnel", run.ui.theme->card, run.ui.theme->line);
  const auto stuck = std::find_if(funnel.begin(), funnel.end(),
                                  [](const FunnelStep& step) { return step.is_stuck; });
  const std::string title = stuck == funnel.end()
                                ? run.ui.tr(Text::kFunnel)
                                : run.ui.tr.Format(Text::kFunnelStuck, ToPrintable(stuck->name));
  if (stuck == funnel.end())
    Quiet(run.ui, title);
  else
    Toned(run.ui, Tone::kFail, title);
  run.ui.probe.Value("run.stuck", stuck == funnel.end() ? std::string() : stuck->name);
  std::uint64_t most = 0;
  for (const FunnelStep& step : funnel) most = std::max(most, step.bots);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 1});
  for (const FunnelStep& step : funnel) DrawFunnelRow(run, step, most, card.inner_width());
  ImGui::PopStyleVar();
}

}  // namespace stressbot::run
