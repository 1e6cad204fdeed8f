#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"

/// What the crosshair reads.
namespace stressbot::plot {

/// The point that holds a moment, or else the nearest; nothing without points.
std::optional<std::size_t> NearestPoint(const Points& points, double at_s);

/// Points that are read as one, because one pixel shows them all. Both ends are included.
struct PointSpan {
  std::size_t first = 0, last = 0;
};
/// Those whose middle is less than half of `width_s` away, or else the nearest.
std::optional<PointSpan> PointsAt(const Points& points, double at_s, double width_s);

struct Reading {
  double value = kNoValue;                 ///< the mean of several; kNoValue: none
  double low = kNoValue, high = kNoValue;  ///< kNoValue unless there was more than one sample
  bool at_least = false;                   ///< the value is a lower bound
};
Reading Read(const Line& line, PointSpan span);
/// "12.4 ms", "≥ 5.00 s", "-"; and its extremes, "9.80 ms - 340 ms", or nothing.
std::string ValueTextOf(const Reading& reading, Unit unit);
std::string ExtremesTextOf(const Reading& reading, Unit unit);

/// The columns of a heat map that one bin of a picture shows (see Envelope), added up by row.
struct HeatBin {
  double from_s = 0, to_s = 0;  ///< of its points
  std::vector<Heat::Cell> cells;
};
std::vector<HeatBin> HeatBins(const Points& points, const Heat& heat, double from_s, double to_s,
                              double bin_s);

/// How dark a cell is, 0 to `shades` - 1: the logarithm of its count.
inline constexpr int kHeatShades = 8;
int ShadeOf(std::uint64_t count, std::uint64_t most);

}  // namespace stressbot::plot
