#pragma once
#include <windows.h>

#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// Ends the wait on a completion port at a time, well under a millisecond late.
/// The port's own time-out is of whole milliseconds and, by default, of ticks of 15.6 ms: a bot
/// that thinks for 5 ms would be measured as one that thinks for 15. So a high-resolution waitable
/// timer (Windows 10 1803) posts a packet to the port, by a wait completion packet (ntdll, Windows
/// 8; the way of Windows' thread pool and of Go's runtime). Its completion routine is not called in
/// that resolution, and a thread for it would be one more hand-over.
/// Thread: the one that waits on the port.
class IocpTimer {
 public:
  /// Packets come with `key` and no OVERLAPPED.
  IocpTimer(HANDLE port, ULONG_PTR key);
  ~IocpTimer();
  IocpTimer(const IocpTimer&) = delete;
  IocpTimer& operator=(const IocpTimer&) = delete;

  /// A packet comes at `until` or before. False when this system cannot: wait with a time-out.
  bool Set(Clock::time_point until, Clock::time_point now);
  /// Tells that the packet was taken from the port.
  void OnPacket() { is_set_ = false; }

 private:
  HANDLE port_;
  ULONG_PTR key_;
  HANDLE timer_ = nullptr;   ///< null: the system lacks what is needed
  HANDLE packet_ = nullptr;  ///< the wait on the timer
  bool is_set_ = false;
  Clock::time_point set_until_{};
};

}  // namespace servercore
