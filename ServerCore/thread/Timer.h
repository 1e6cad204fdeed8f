#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// Something to be called at a moment. Lives in its owner, who cancels it before it dies
/// (asserted).
///
/// Thread: its shard only.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool armed() const { return place_ != kNowhere; }
  Clock::time_point due() const { return due_; }  ///< as it was last set

 protected:
  virtual ~Timer() { SC_ASSERT(!armed()); }
  /// `due()` says when it should have been; `now` when it is. May set itself again.
  virtual void OnTimer(Clock::time_point now) = 0;

 private:
  friend class TimerQueue;
  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();
  Clock::time_point due_{};
  std::uint32_t place_ = kNowhere;
};

/// The timers of one shard: a 4-ary heap (shallower than a binary one, and a node's children share
/// a cache line) that knows where each timer lies, so that moving one costs O(log n).
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  void Set(Timer& timer, Clock::time_point due);  ///< also moves an armed one
  void Cancel(Timer& timer);                      ///< harmless when not armed
  Clock::time_point NextDue() const;              ///< time_point::max() when empty
  /// Calls what is due; what is set meanwhile waits for the next turn, so that a timer that sets
  /// itself to now cannot hold the shard. Returns how many were called.
  std::size_t RunDue(Clock::time_point now);
  std::size_t size() const { return heap_.size(); }

 private:
  struct Node {
    Clock::time_point due;
    Timer* timer;
  };
  void SiftUp(std::size_t place, Node node);
  void SiftDown(std::size_t place, Node node);
  void Place(std::size_t place, Node node);
  void RemoveAt(std::size_t place);

  std::vector<Node> heap_;
  Clock::time_point earliest_ = Clock::time_point::min();  ///< for what is set during RunDue
};

}  // namespace servercore
