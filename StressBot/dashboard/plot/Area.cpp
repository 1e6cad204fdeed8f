#include "StressBot/dashboard/plot/Area.h"

#include <algorithm>
#include <cmath>

namespace stressbot::plot {

float Area::X(double at_s) const {
  const double share = (at_s - time_s.low) / (time_s.high - time_s.low);
  return box.left + static_cast<float>(share * static_cast<double>(box.width()));
}

float Area::Y(double value) const {
  double share = 0;
  if (scale == Scale::kLog) {
    if (value > 0) share = std::log(value / values.low) / std::log(values.high / values.low);
    share = std::max(share, 0.0);
  } else {
    share = (value - values.low) / (values.high - values.low);
  }
  share = std::clamp(share, -1.0, 2.0);
  return box.bottom - static_cast<float>(share * static_cast<double>(box.height()));
}

double Area::TimeAt(float x) const { return time_s.low + SecondsOf(x - box.left); }

double Area::SecondsOf(float width_px) const {
  return (time_s.high - time_s.low) * static_cast<double>(width_px) /
         static_cast<double>(std::max(box.width(), 1.0F));
}

Box PlaceBeside(float x, float y, float gap, float width, float height, const Box& within) {
  float left = x + gap;
  if (left + width > within.right) left = x - gap - width;
  if (left < within.left) left = within.right - width;
  left = std::max(left, within.left);
  const float top = std::max(std::min(y, within.bottom - height), within.top);
  return {left, top, left + width, top + height};
}

}  // namespace stressbot::plot
