#include "StressBot/dashboard/Redraws.h"

#include <algorithm>

namespace stressbot {

void Redraws::Drew(double now_s) {
  frames_due_ = std::max(0, frames_due_ - 1);
  drawn_at_s_ = now_s;
  has_data_ = false;
}

double Redraws::WaitSeconds(double now_s) const {
  if (frames_due_ > 0) return 0;
  const auto until = [&](double after_s) {
    return std::clamp(drawn_at_s_ + after_s - now_s, 0.0, after_s);
  };
  if (is_animated_) return until(kAnimationSeconds);
  return has_data_ ? until(kDataSeconds) : kIdleSeconds;
}

}  // namespace stressbot
