#pragma once
#include <cstddef>
#include <optional>

#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

/// From zero to a tick that is not below `most`, so that everybody can read how high it is.
AxisRange FitLinear(Unit unit, double most, std::size_t steps);
/// From a 1-2-5 step that is not above `least` to one that is not below `most`; two steps of a
/// decade at least. Values that are not above zero have no place on it; with none, 100 us to 100
/// ms.
AxisRange FitLog(double least, double most);

/// Keeps an axis quiet while its values change: it grows at once, so that nothing is cut off, and
/// shrinks only once all of the last kShrinkAfter_s would have fitted into less.
class AxisFit {
 public:
  static constexpr double kShrinkAfter_s = 5;
  enum class Shrink {
    kLater,  ///< values change by themselves
    kNow,    ///< somebody asked to see something else
    kNever,  ///< somebody drags, and the ground must not move
  };

  /// What to show, now that `wanted` would be enough. `now_s` is any clock that does not go back.
  AxisRange Fit(AxisRange wanted, double now_s, Shrink shrink);

 private:
  std::optional<AxisRange> shown_;
  AxisRange since_;            ///< what all that was wanted since the wait began needs
  double smaller_from_s_ = 0;  ///< when the wait began
  bool is_smaller_ = false;
};

}  // namespace stressbot::plot
