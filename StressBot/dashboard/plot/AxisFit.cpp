#include "StressBot/dashboard/plot/AxisFit.h"

#include <algorithm>
#include <cmath>

namespace stressbot::plot {

namespace {

AxisRange Both(AxisRange a, AxisRange b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

/// The top of an axis that has nothing to show.
double EmptyTop(Unit unit) {
  switch (unit) {
    case Unit::kNanoseconds:
      return 1e9;
    case Unit::kBytes:
    case Unit::kBytesPerSecond:
      return 1e6;
    case Unit::kPerSecond:
    case Unit::kCount:
      return 10;
    case Unit::kPercent:
      return 100;
  }
  return 1;
}

}  // namespace

AxisRange FitLinear(Unit unit, double most, std::size_t steps) {
  if (!(most > 0) || !std::isfinite(most)) return {0, EmptyTop(unit)};
  double step = RoundUpTo125(most / static_cast<double>(std::max<std::size_t>(steps, 1)));
  if (IsWhole(unit)) step = std::max(step, 1.0);
  return {0, step * std::max(1.0, std::ceil(most / step - 1e-9))};
}

AxisRange FitLog(double least, double most) {
  if (!(least > 0) || !(most >= least) || !std::isfinite(most)) return {1e5, 1e8};
  AxisRange range{RoundDownTo125(least), RoundUpTo125(most)};
  // Else a steady value would be a line on the axis's end, and its noise would look like mountains.
  constexpr double kLeastRatio = 10;
  if (range.high < range.low * kLeastRatio * (1 - 1e-9))
    range = {RoundDownTo125(range.low / 2), RoundUpTo125(range.high * 2)};
  return range;
}

AxisRange AxisFit::Fit(AxisRange wanted, double now_s, Shrink shrink) {
  if (!shown_ || shrink == Shrink::kNow) {
    shown_ = wanted;
    is_smaller_ = false;
    return wanted;
  }
  const AxisRange both = Both(*shown_, wanted);
  if (both == wanted) {  // all of the axis is needed
    shown_ = wanted;
    is_smaller_ = false;
    return wanted;
  }
  shown_ = both;
  if (shrink == Shrink::kNever) return both;
  if (!is_smaller_) {
    is_smaller_ = true;
    smaller_from_s_ = now_s;
    since_ = wanted;
  }
  since_ = Both(since_, wanted);
  if (since_ == both) {
    // Its two ends were needed at different moments.
    smaller_from_s_ = now_s;
    since_ = wanted;
  } else if (now_s - smaller_from_s_ >= kShrinkAfter_s) {
    shown_ = since_;
    is_smaller_ = false;
  }
  return *shown_;
}

}  // namespace stressbot::plot
