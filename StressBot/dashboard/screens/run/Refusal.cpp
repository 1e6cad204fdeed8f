#include "StressBot/dashboard/screens/run/Refusal.h"

#include <imgui.h>

#include "StressBot/dashboard/screens/run/RunWidgets.h"
#include "StressBot/report/Utf8.h"

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
    Wrapped(ToPrintable(complaint), card.inner_width());
    all += complaint + "\n";
  }
  Quiet(run.ui, run.ui.tr(Text::kRefusedAdvice));
  if (Button(run.ui, "run.complaints.copy", Text::kCopy, Text::kCopyLinesTip))
    CopyText(run.ui, all);
  run.ui.probe.Value("run.complaints", all);
}

}  // namespace stressbot::run
