#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"

namespace stressbot::plot {

/// What a line shows in one bin of time.
struct EnvelopeBin {
  double at_s = 0;           ///< the moment of its only point, or the middle of the bin
  double value = 0;          ///< the mean
  double low = 0, high = 0;  ///< of all points in it and their own extremes
  std::size_t points = 0;    ///< of which it is made; with a value
  bool starts = false;       ///< no line leads here from the bin before
  bool at_least = false;     ///< one of its values is a lower bound
};

/// A line as a picture can show it: one bin for each `bin_s` (a pixel or so) that has points, so
/// that the cost of a drawing is bounded by its width, and yet no extreme is lost. Bins lie on a
/// grid from the start of the run: a picture that moves on does not flicker, since the same points
/// stay together. Where points are fewer than bins, each is one. The bins reach one point beyond
/// the range on both sides, so that lines go to the edge of a picture. Cost: the points of the
/// range. (Bins of extremes are the "min-max" reduction of time series; see Jugel et al., M4, VLDB
/// 2014.)
std::vector<EnvelopeBin> Envelope(const Points& points, const Line& line, double from_s,
                                  double to_s, double bin_s);

/// The points whose middle is in the range: [first, last).
std::pair<std::size_t, std::size_t> PointsIn(const Points& points, double from_s, double to_s);

/// The least and the greatest of a line in the range, extremes and the way to its neighbours
/// included; {+inf, -inf} if it has no value. With `above_zero`, what a log axis cannot show is
/// left out.
std::pair<double, double> ExtremesIn(const Points& points, const Line& line, double from_s,
                                     double to_s, bool above_zero);

}  // namespace stressbot::plot
