#include "ServerCore/job/GlobalQueue.h"

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {

void GlobalQueue::Push(std::shared_ptr<JobQueue> queue) {
  {
    const std::lock_guard locked(lock_);
    queues_.push_back(std::move(queue));
    size_.fetch_add(1, std::memory_order_seq_cst);  // against a shard that says it sleeps
  }
  // Shards that are awake look here before they sleep, so one sleeper is enough. Beginning at
  // another one each time spreads the work.
  const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (shards_[(first + i) % shards_.size()]->WakeIfSleeping()) return;
  }
}

Shard& GlobalQueue::NextShard() {
  return *shards_[next_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
}

std::shared_ptr<JobQueue> GlobalQueue::TryPop() {
  if (empty()) return nullptr;
  const std::lock_guard locked(lock_);
  if (queues_.empty()) return nullptr;
  std::shared_ptr<JobQueue> queue = std::move(queues_.front());
  queues_.pop_front();
  size_.fetch_sub(1, std::memory_order_release);
  return queue;
}

}  // namespace servercore
