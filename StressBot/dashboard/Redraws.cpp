#include "StressBot/dashboard/Redraws.h"

#include <algorithm>

namespace stressbot {

void Redraws::Drew(double now_s) {
  frames_due_ = std::max(0, frames_due_ - 1);
  drawn_at_s_ = now_s;
}

double Redraws::WaitSeconds(double now_s) const {
  if (frames_due_ > 0) return 0;
  if (!is_animated_) return kIdleSeconds;
  return std::clamp(drawn_at_s_ + kAnimationSeconds - now_s, 0.0, kAnimationSeconds);
}

}  // namespace stressbot
