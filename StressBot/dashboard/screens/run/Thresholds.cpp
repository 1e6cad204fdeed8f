#include "StressBot/dashboard/screens/run/Thresholds.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/screens/run/RunWidgets.h"

namespace stressbot::run {

namespace {

/// Room for a value, so that a digit more moves nothing.
constexpr float kValueEms = 4.6F;
constexpr float kChipEms = 1.5F;  ///< its height
constexpr int kRowsMax = 3;       ///< of labels; more scroll

struct ChipSize {
  float mark, name, value, limit, gap;
  float width() const { return mark + name + value + limit + 4.8F * gap; }
};

ChipSize SizeOf(const ThresholdChip& chip) {
  const float em = ImGui::GetFontSize();
  const auto width = [](const std::string& text) { return ImGui::CalcTextSize(text.c_str()).x; };
  return {0.8F * em, width(chip.name), std::max(kValueEms * em, width(chip.value)),
          width(chip.limit), 0.55F * em};
}

/// A tick, a cross, or a dash: not by colour alone.
void DrawMarkOf(Tone tone, ImVec2 at, float size, ImU32 color) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float thickness = std::max(1.5F, size * 0.16F);
  const auto point = [&](float x, float y) { return ImVec2{at.x + x * size, at.y + y * size}; };
  if (tone == Tone::kPass) {
    const ImVec2 tick[] = {point(0.05F, 0.55F), point(0.38F, 0.88F), point(0.95F, 0.15F)};
    list.AddPolyline(tick, 3, color, 0, thickness);
  } else if (tone == Tone::kFail) {
    list.AddLine(point(0.1F, 0.12F), point(0.9F, 0.92F), color, thickness);
    list.AddLine(point(0.9F, 0.12F), point(0.1F, 0.92F), color, thickness);
  } else {
    list.AddLine(point(0.1F, 0.5F), point(0.9F, 0.5F), color, thickness);
  }
}

void DrawWords(const Theme& theme, const ThresholdChip& chip, const ChipSize& size, ImVec2 at) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 toned = ColorOf(theme, chip.tone).packed();
  const float em = ImGui::GetFontSize();
  DrawMarkOf(chip.tone, {at.x, at.y + 0.22F * em}, 0.62F * em, toned);
  at.x += size.mark + 0.6F * size.gap;
  list.AddText(at, theme.text.packed(), chip.name.c_str());
  at.x += size.name + size.gap;
  const float value = ImGui::CalcTextSize(chip.value.c_str()).x;
  list.AddText({at.x + size.value - value, at.y}, toned, chip.value.c_str());
  at.x += size.value + size.gap;
  list.AddText(at, theme.quiet.packed(), chip.limit.c_str());
}

void ShowOnPlot(const RunContext& run, const ChartPlace& place) {
  run.focus.wanted_chart = place.id;
  if (!place.step.empty()) run.focus.step = place.step;
}

void DrawChip(const RunContext& run, const ThresholdResult& result, const ThresholdChip& chip,
              const ChipSize& size) {
  const Theme& theme = *run.ui.theme;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = kChipEms * ImGui::GetFontSize();
  ImGui::PushStyleColor(ImGuiCol_Button, BackOf(theme, chip.tone).packed());
  ImGui::PushStyleColor(ImGuiCol_Border, ColorOf(theme, chip.tone).WithAlpha(90).packed());
  const bool is_pressed = ImGui::Button("##chip", {size.width(), height});
  ImGui::PopStyleColor(2);
  std::string tip = fmt::format("{}: {}\n{}", chip.name, chip.limit, chip.value);
  if (!chip.detail.empty()) tip += fmt::format(" ({})", chip.detail);
  const ChartPlace plot = ChartOf(*run.now.view, result.threshold);
  if (!plot.id.empty()) tip += std::string("\n") + run.ui.tr(Text::kChipTip);
  Tip(tip);
  DrawWords(theme, chip, size,
            {at.x + size.gap, at.y + std::floor((height - ImGui::GetFontSize()) / 2)});
  if (is_pressed && !plot.id.empty()) ShowOnPlot(run, plot);
}

/// Whether it has room in the row that ends at `left`, which is moved to its end.
bool FitsBeside(float& left, const ChipSize& size, float width, float gap) {
  const bool fits = left > 0 && left + gap + size.width() <= width;
  left = (fits ? left + gap : 0) + size.width();
  return fits;
}

int RowsOf(const std::vector<ThresholdChip>& chips, float width, float gap) {
  int rows = 0;
  float left = 0;
  for (const ThresholdChip& chip : chips) {
    if (!FitsBeside(left, SizeOf(chip), width, gap)) ++rows;
  }
  return rows;
}

}  // namespace

void DrawThresholds(const RunContext& run, float width) {
  if (run.now.view == nullptr) return;
  const auto& thresholds = run.now.view->result.thresholds;
  ImGui::PushFont(run.ui.fonts.small);
  const float gap = 0.5F * ImGui::GetFontSize();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  std::vector<ThresholdChip> chips;
  chips.reserve(thresholds.size());
  for (const ThresholdResult& result : thresholds)
    chips.push_back(ChipOf(result, run.now.view->is_over, run.ui.tr));
  // More rows than these scroll: plots need the room.
  const float row = kChipEms * ImGui::GetFontSize() + gap;
  const bool scrolls = RowsOf(chips, width, gap) > kRowsMax;
  const float room = scrolls ? width - ImGui::GetStyle().ScrollbarSize - gap : width;
  if (scrolls)
    ImGui::BeginChild("thresholds", {width, (static_cast<float>(kRowsMax) + 0.4F) * row});
  float left = 0;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    const ChipSize size = SizeOf(chips[i]);
    if (FitsBeside(left, size, room, gap)) ImGui::SameLine();
    ImGui::PushID(static_cast<int>(i));
    DrawChip(run, thresholds[i], chips[i], size);
    ImGui::PopID();
    if (run.ui.probe.enabled()) run.ui.probe.Item(fmt::format("run.threshold.{}", i));
  }
  if (scrolls) ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

void DrawBanners(const RunContext& run) {
  if (run.now.view == nullptr) return;
  const Theme& theme = *run.ui.theme;
  std::string told;
  int number = 0;
  for (const RunBanner& banner : BannersOf(*run.now.view, run.ui.tr)) {
    ImGui::PushID(number++);
    {
      const Card card("banner", BackOf(theme, banner.tone),
                      ColorOf(theme, banner.tone).WithAlpha(110));
      Toned(run.ui, banner.tone, banner.title);
      ImGui::SameLine();
      Wrapped(banner.text, card.right() - ImGui::GetCursorScreenPos().x);
    }
    ImGui::PopID();
    told += (told.empty() ? "" : "\n") + banner.title + ": " + banner.text;
  }
  run.ui.probe.Value("run.banners", told);
}

}  // namespace stressbot::run
