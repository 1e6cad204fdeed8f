#include "StressBot/dashboard/screens/run/Refusal.h"

#include <imgui.h>

#include "StressBot/dashboard/screens/run/RunWidgets.h"

namespace stressbot::run {

void DrawRefusal(const RunContext& run) {
  if (run.now.state == RunHost::State::kNone) {
    EmptyState(run.ui, run.ui.tr(Text::kNothingToShow));
    return;
  }
  const Theme& theme = *run.ui.theme;
  const Card card("refusal", theme.fail_back, theme.fail.WithAlpha(110));
  ImGui::PushFont(run.ui.fonts.title);
  Toned(run.ui, Tone::kFail, run.ui.tr(Text::kRefusedTitle));
  ImGui::PopFont();
  std::string all;
  for (const std::string& complaint : run.now.complaints) {
    Wrapped(complaint, card.inner_width());
    all += complaint + "\n";
  }
  Quiet(run.ui, run.ui.tr(Text::kRefusedAdvice));
  if (Button(run.ui, "run.complaints.copy", Text::kCopy, Text::kCopyLinesTip)) run.ui.Copy(all);
  run.ui.probe.Value("run.complaints", all);
}

}  // namespace stressbot::run
