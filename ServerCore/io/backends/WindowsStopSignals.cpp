#include <windows.h>

#include <condition_variable>
#include <mutex>
#include <system_error>

#include "ServerCore/io/StopSignals.h"

namespace servercore {

namespace {

/// A global, since the system hands its handler nothing but the event.
struct Arrivals {
  std::mutex mutex;
  std::condition_variable changed;
  int count = 0;
};

Arrivals& TheArrivals() {
  static Arrivals arrivals;
  return arrivals;
}

/// Thread: one that the system starts for each event.
BOOL WINAPI OnControlEvent(DWORD event) {
  Arrivals& arrivals = TheArrivals();
  {
    const std::scoped_lock lock(arrivals.mutex);
    ++arrivals.count;
  }
  arrivals.changed.notify_all();
  // The console closes, or the user leaves: the process ends as soon as this returns, and in 5 s at
  // the latest. So it does not return; main() does, and the process ends with it.
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) ::Sleep(INFINITE);
  return TRUE;
}

}  // namespace

struct StopSignals::State {
  const int before = [] {  // those of a predecessor do not count
    const std::scoped_lock lock(TheArrivals().mutex);
    return TheArrivals().count;
  }();
  int told = 0;
};

StopSignals::StopSignals() : state_(std::make_unique<State>()) {
  if (::SetConsoleCtrlHandler(OnControlEvent, TRUE) == 0) {
    throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                            "cannot watch for Ctrl-C");
  }
}

StopSignals::~StopSignals() { ::SetConsoleCtrlHandler(OnControlEvent, FALSE); }

int StopSignals::WaitFor(std::chrono::milliseconds timeout) {
  Arrivals& arrivals = TheArrivals();
  std::unique_lock lock(arrivals.mutex);
  const auto arrived = [&] { return arrivals.count - state_->before; };
  arrivals.changed.wait_for(lock, timeout, [&] { return arrived() > state_->told; });
  return state_->told = arrived();
}

}  // namespace servercore
