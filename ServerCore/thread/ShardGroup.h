#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/job/GlobalQueue.h"
#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {

/// What the shards of a group met and hold together.
struct CoreCounters {
  ShardCounters shards;
  SendBufferCounters buffers;
};

/// All shards of a process, what they share, and their threads.
/// Thread: Start, Shutdown and the destructor from one outside thread.
class ShardGroup {
 public:
  /// One shard a port.
  explicit ShardGroup(std::vector<std::unique_ptr<CompletionPort>> ports);
  ~ShardGroup();  ///< shuts down if that was not done

  /// Ports of this system, one a shard.
  static std::vector<std::unique_ptr<CompletionPort>> MakePorts(std::size_t count);

  std::size_t size() const { return shards_.size(); }
  Shard& shard(std::size_t index) { return *shards_[index]; }
  SendBufferManager& send_buffers() { return send_buffers_; }
  GlobalQueue& global_queue() { return global_queue_; }
  std::size_t session_count() const;
  /// Thread: any. Its numbers are taken one after the other.
  CoreCounters counters() const;

  /// Starts a thread a shard. Without it somebody else calls the turns (a simulation). Throws
  /// std::system_error when the system has no threads left; then none runs. REQUIRES that Shutdown
  /// was not called: it is for good, job timers would be dropped.
  void Start();
  /// Cancels job timers, closes every session in order, resets those that are not gone after
  /// `deadline`, waits until all counts are zero, then ends the threads. Listeners must be stopped
  /// before.
  void Shutdown(std::chrono::milliseconds deadline);
  /// Cancels what JobQueue::PushAfter and PushEvery started; new ones are dropped. Thread: any.
  void CancelJobTimers();
  std::size_t job_timer_count() const;
  /// Asks every session to close. Shutdown does it; a simulation calls it itself. Thread: any.
  void CloseSessions(CloseKind kind);
  /// Whether all shards are. REQUIRES that no thread has a turn.
  bool IsIdle() const;
  bool running() const { return !threads_.empty(); }

 private:
  bool SeemsIdle() const;  ///< seen from outside: a message may be just between two shards
  bool WaitUntilIdle(std::chrono::steady_clock::time_point until) const;
  void EndThreads();
  void RunRest();

  SendBufferManager send_buffers_;
  GlobalQueue global_queue_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<bool> stopping_{false};
  bool shut_down_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace servercore
