#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "StressBot/dashboard/plot/Chart.h"

namespace stressbot::plot {

/// A colour as ImGui has it: red in the lowest byte, then green, blue, alpha.
using Rgba = std::uint32_t;

/// The same colour, `share` as opaque.
inline Rgba Faint(Rgba color, double share) {
  const auto alpha = static_cast<Rgba>(std::lround(static_cast<double>(color >> 24) * share));
  return (color & 0x00ffffff) | alpha << 24;
}

/// The colours of plots, all of them from the dashboard's Theme.
struct PlotStyle {
  Rgba card, line, grid;           ///< behind all, axes, the grid
  Rgba text, quiet;                ///< names; numbers at the axes
  Rgba pass, fail;                 ///< thresholds
  Rgba event;                      ///< marks, except of what failed
  Rgba chosen;                     ///< the mark somebody clicked
  Rgba unmeasured, paused, stuck;  ///< bands
  std::array<Rgba, kColors> colors;

  Rgba Of(Color color) const { return colors[static_cast<std::size_t>(color) % kColors]; }
};

const PlotStyle& DarkPlots();
const PlotStyle& LightPlots();

}  // namespace stressbot::plot
