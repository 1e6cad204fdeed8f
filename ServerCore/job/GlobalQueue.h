#pragma once
#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "ServerCore/thread/Lock.h"

namespace servercore {

class JobQueue;
class Shard;

/// Job queues that nobody runs at the moment, for whichever shard has time. Thread: any.
class GlobalQueue {
 public:
  /// Wakes one shard that sleeps.
  void Push(std::shared_ptr<JobQueue> queue);
  std::shared_ptr<JobQueue> TryPop();
  bool empty() const { return size_.load(std::memory_order_seq_cst) == 0; }

  /// One shard after the other, for work that comes from outside of them.
  Shard& NextShard();

  void AddShard(Shard& shard) { shards_.push_back(&shard); }  ///< before any thread runs
  void RemoveShards() { shards_.clear(); }

 private:
  Lock lock_{"global queue"};
  std::deque<std::shared_ptr<JobQueue>> queues_;
  std::atomic<std::size_t> size_{0};
  std::vector<Shard*> shards_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace servercore
