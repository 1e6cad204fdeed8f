#pragma once
#include <algorithm>
#include <chrono>

namespace stressbot {

/// The clock of a run's load: it stands still while the load is paused. What bots wait for of their
/// own accord (thinks, grids, stages, arrivals, churn, events, the end) is read off it, so that a
/// pause moves all of that and nothing piles up. What they await of servers is not.
/// Times count from the start of the run. Thread: its owner's.
class LoadClock {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  void Pause(Nanoseconds at) {
    if (!paused()) paused_at_ = at;
  }
  /// Returns how long it stood still.
  Nanoseconds Resume(Nanoseconds at) {
    if (!paused()) return {};
    const Nanoseconds length = std::max(at - paused_at_, Nanoseconds::zero());
    held_ += length;
    paused_at_ = kNever;
    return length;
  }

  bool paused() const { return paused_at_ != kNever; }
  Nanoseconds paused_at() const { return paused_at_; }  ///< of the run's time. REQUIRES paused()
  Nanoseconds held() const { return held_; }            ///< all pauses that are over
  /// What it shows when `elapsed` of the run are over. Not for times before the last pause.
  Nanoseconds At(Nanoseconds elapsed) const { return std::min(elapsed, paused_at_) - held_; }

 private:
  static constexpr Nanoseconds kNever = Nanoseconds::max();
  Nanoseconds paused_at_ = kNever;
  Nanoseconds held_{};
};

}  // namespace stressbot
