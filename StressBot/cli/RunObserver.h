#pragma once
#include <chrono>
#include <string>

#include "StressBot/metrics/MetricsInterval.h"

namespace stressbot {

/// Somebody who follows a run while it goes on: a terminal, a window. Thread: the run's, which
/// waits for it.
class RunObserver {
 public:
  RunObserver() = default;
  RunObserver(const RunObserver&) = delete;
  RunObserver& operator=(const RunObserver&) = delete;
  virtual ~RunObserver() = default;

  /// The load begins now; where each server is to be reached is known.
  virtual void OnBegin() {}
  /// Between anything else, every 50 ms or more often; while a server starts, too.
  virtual void OnLook() {}
  /// What was done by hand.
  struct ByHand {
    bool paused = false;
    std::chrono::nanoseconds held{};  ///< how long the load stood still: it ends so much later
  };
  /// The metrics hold that interval already.
  virtual void OnInterval(const MetricsInterval& interval, const ByHand& by_hand) = 0;
  /// A line for people: something happened.
  virtual void OnNews(const std::string& line) = 0;
};

}  // namespace stressbot
