#pragma once
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"

/// Made-up runs that have all that plots can show.
namespace stressbot::plot {

struct GalleryRun {
  Points points;
  std::vector<Mark> marks;
  std::vector<Band> bands;
  Chart latency, traffic, bots, memory, empty;
  Heat heat;
};
/// Of so many seconds; with a stall, a drop and one spike of a single second.
GalleryRun MakeGalleryRun(std::size_t seconds);

}  // namespace stressbot::plot
