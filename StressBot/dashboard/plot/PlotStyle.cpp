#include "StressBot/dashboard/plot/PlotStyle.h"

#include <tuple>

#include "StressBot/dashboard/ui/Theme.h"

namespace stressbot::plot {

namespace {

PlotStyle StyleOf(const Theme& theme) {
  PlotStyle style{
      .card = theme.card.packed(),
      .line = theme.line.packed(),
      .grid = theme.grid.packed(),
      .text = theme.text.packed(),
      .quiet = theme.quiet.packed(),
      .pass = theme.pass.packed(),
      .fail = theme.fail.packed(),
      .event = theme.warn.packed(),
      .chosen = theme.link.packed(),
      .unmeasured = theme.shade.packed(),
      .paused = theme.lines[0].WithAlpha(0x1c).packed(),
      .stuck = theme.stuck.packed(),
      .colors = {},
  };
  static_assert(std::tuple_size_v<decltype(theme.lines)> == kColors);
  for (std::size_t i = 0; i < kColors; ++i) style.colors[i] = theme.lines[i].packed();
  return style;
}

}  // namespace

const PlotStyle& DarkPlots() {
  static const PlotStyle kStyle = StyleOf(DarkTheme());
  return kStyle;
}

const PlotStyle& LightPlots() {
  static const PlotStyle kStyle = StyleOf(LightTheme());
  return kStyle;
}

}  // namespace stressbot::plot
