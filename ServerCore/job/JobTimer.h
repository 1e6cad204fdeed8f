#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/thread/Task.h"

namespace servercore {

class JobQueue;
class Shard;
class TimerQueue;

/// Names a job that a JobQueue runs later, once or again and again: JobQueue::PushAfter and
/// PushEvery give one. An empty room that waits a while before it closes:
///
///   void Room::Leave(...) { if (members_ == 0) closing_ = PushAfter(30s, &Room::Close); }
///   void Room::Enter(...) { closing_.Cancel(); }
///
/// The job runs as any other of its queue, one at a time, on whichever shard has the turn. It waits
/// on one shard's TimerQueue (the pusher's, or any for a pusher outside of shards), so it has no
/// thread of its own and runs on simulated time too.
/// Nothing here keeps the queue alive: without it the job is dropped when it is due. What a job
/// captured lives until it ran, is cancelled or dropped, so it should capture nothing that holds
/// the queue; `this` of the queue is safe. ShardGroup::Shutdown cancels all.
///
/// A value: may be copied and thrown away; the job waits on. Thread: any (one at a time for the
/// same object).
class JobTimer {
 public:
  JobTimer() = default;  ///< names nothing

  /// The job begins no more. Called by a job of the same queue that is certain; called elsewhere
  /// the job may be running at this moment. Harmless when it ran or was cancelled.
  void Cancel();

 private:
  friend class JobTimers;
  class Entry;
  explicit JobTimer(std::weak_ptr<Entry> entry) : entry_(std::move(entry)) {}

  std::weak_ptr<Entry> entry_;
};

/// The delayed and repeated jobs that wait on one shard. Thread: its shard; Start, size: any.
class JobTimers {
 public:
  struct Order {
    std::weak_ptr<JobQueue> queue;
    Clock::time_point due;
    Clock::duration period;  ///< 0: once
    Task job;
  };

  explicit JobTimers(TimerQueue& timers) : timers_(timers) {}
  JobTimers(const JobTimers&) = delete;
  JobTimers& operator=(const JobTimers&) = delete;
  ~JobTimers() { CancelAll(); }

  static JobTimer Start(Shard& shard, Order order);
  /// And takes no new ones: they are dropped at once.
  void CancelAll();
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  friend class JobTimer;
  using Entry = JobTimer::Entry;
  void Arm(std::shared_ptr<Entry> entry);
  void Remove(Entry& entry);

  TimerQueue& timers_;
  std::unordered_map<const Entry*, std::shared_ptr<Entry>> entries_;
  std::atomic<std::size_t> size_{0};  ///< of entries_, for other threads
  bool closed_ = false;
};

}  // namespace servercore
