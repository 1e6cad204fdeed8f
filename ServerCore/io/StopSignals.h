#pragma once
#include <chrono>
#include <memory>

#include "ServerCore/io/StopRequests.h"

namespace servercore {

/// Ctrl-C and what else asks a program to end (SIGTERM; on Windows Ctrl-Break and the closing of
/// the console) as something that the main thread can wait for. While it lives they end nothing by
/// themselves, and writing to a closed pipe is an error instead of a signal. One at a time.
/// Thread: the main one, before any other is started (they take over what is blocked).
class StopSignals : public StopRequests {
 public:
  StopSignals();
  ~StopSignals() override;  ///< what was before applies again

  int WaitFor(std::chrono::milliseconds timeout) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace servercore
