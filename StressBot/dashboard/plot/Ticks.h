#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Chart.h"

/// Where axes have ticks and what is written there.
namespace stressbot::plot {

struct Tick {
  double value = 0;
  std::string label;
};

/// A part of an axis, both ends included.
struct AxisRange {
  double low = 0, high = 1;
  bool operator==(const AxisRange&) const = default;
};

/// 1, 2 or 5 times a power of ten: the least that is not below `value`, or the greatest that is not
/// above. REQUIRES value > 0.
double RoundUpTo125(double value);
double RoundDownTo125(double value);

/// Ticks at multiples of 1, 2 or 5 times a power of ten, at most `most` + 1 of them, so that `most`
/// is the number of steps there is room for. Counts have no fractions.
std::vector<Tick> LinearTicks(Unit unit, AxisRange range, std::size_t most);
/// The top, and the 1-2-5 steps or only the decades that keep `apart_px` from each other on an axis
/// of `length_px`. REQUIRES range.low > 0.
std::vector<Tick> LogTicks(Unit unit, AxisRange range, double length_px, double apart_px);
/// Steps of a clock: 1, 2, 5, 10, 15, 30 s, the same of minutes, then hours; below a second 1-2-5.
/// At most `most` + 1.
std::vector<Tick> TimeTicks(AxisRange range_s, std::size_t most);

/// A moment as ticks tell it: "0:30", "1:05", "2:00:05"; "0:30.25" with decimals.
std::string MomentText(double seconds, int decimals = 0);
/// A value as tables tell it, like the reports: "12.4 ms", "1,250 /s", "61 MB".
std::string ValueText(Unit unit, double value);

}  // namespace stressbot::plot
