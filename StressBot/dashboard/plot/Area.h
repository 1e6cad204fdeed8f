#pragma once
#include "StressBot/dashboard/plot/Chart.h"
#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

/// A rectangle of the screen.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;

  float width() const { return right - left; }
  float height() const { return bottom - top; }
  bool Touches(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

/// Where moments and values are on the screen. What lies outside of the time is outside of the box;
/// values are held within one height of it, so that no coordinate is absurd.
struct Area {
  Box box;
  AxisRange time_s, values;
  Scale scale = Scale::kLinear;

  float X(double at_s) const;
  float Y(double value) const;  ///< what a log axis cannot show is at its lower end
  double TimeAt(float x) const;
  double SecondsOf(float width_px) const;
};

/// Where a box of this size goes that tells about a place: right of it, else left of it, else where
/// it fits; never beyond the left and top edges of `within`.
Box PlaceBeside(float x, float y, float gap, float width, float height, const Box& within);

}  // namespace stressbot::plot
