#pragma once
#include <chrono>
#include <memory>

namespace stressbot {

/// Ctrl-C and SIGTERM as something that the main thread can wait for. While it lives they end
/// nothing by themselves, and writing to a closed pipe is an error instead of a signal.
/// Thread: the main one, before any other is started (they take over what is blocked).
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();  ///< what was before applies again

  /// Sleeps until a signal arrives or the time is over. Returns how many arrived so far.
  int WaitFor(std::chrono::milliseconds timeout);

 private:
  struct Masks;
  std::unique_ptr<Masks> masks_;
  int count_ = 0;
};

}  // namespace stressbot
