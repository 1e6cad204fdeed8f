#pragma once
#include <chrono>

namespace servercore {

/// What may ask a program, or one piece of its work, to end: signals (StopSignals), or a button.
class StopRequests {
 public:
  StopRequests() = default;
  StopRequests(const StopRequests&) = delete;
  StopRequests& operator=(const StopRequests&) = delete;
  virtual ~StopRequests() = default;

  /// Sleeps until a request arrives or the time is over. Returns how many arrived so far.
  virtual int WaitFor(std::chrono::milliseconds timeout) = 0;
};

}  // namespace servercore
