#pragma once
#include <functional>
#include <utility>

#include "ServerCore/thread/Timer.h"

namespace servercore::testing {

/// A timer for tests: calls a function when it is due. Set it with TimerQueue::Set.
class CallAt final : public Timer {
 public:
  CallAt(TimerQueue& timers, std::function<void()> call)
      : timers_(timers), call_(std::move(call)) {}
  ~CallAt() override { timers_.Cancel(*this); }

 private:
  void OnTimer(Clock::time_point) override { call_(); }
  TimerQueue& timers_;
  std::function<void()> call_;
};

}  // namespace servercore::testing
