#include "ServerCore/job/JobQueue.h"

#include <thread>

#include "ServerCore/Assert.h"
#include "ServerCore/job/GlobalQueue.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {

JobQueue::JobQueue(GlobalQueue& global_queue)
    : global_queue_(global_queue), tail_(new Node), head_(tail_.load()) {}

JobQueue::~JobQueue() {
  while (head_ != nullptr) delete std::exchange(head_, head_->next.load());
}

void JobQueue::Push(Task job) {
  Node* node = new Node;
  node->job = std::move(job);
  Node* before = tail_.exchange(node, std::memory_order_acq_rel);
  before->next.store(node, std::memory_order_release);
  const std::size_t before_us = size_.fetch_add(1, std::memory_order_acq_rel);
  Shard* shard = CurrentShard();
  if (before_us >= Shard::kWaitingMax && shard != nullptr) shard->HoldReadsFor(shared_from_this());
  if (before_us != 0) return;  // somebody runs it already
  if (shard != nullptr) {
    shard->RunSoon(shared_from_this());
  } else {
    Schedule();
  }
}

Shard* JobQueue::CurrentShard() const {
  Shard* shard = Shard::Current();
  return shard != nullptr && &shard->global_queue() == &global_queue_ ? shard : nullptr;
}

JobTimer JobQueue::StartTimer(Clock::duration delay, Task job, Clock::duration period) {
  SC_ASSERT(!weak_from_this().expired());
  Shard* current = CurrentShard();
  Shard& shard = current != nullptr ? *current : global_queue_.NextShard();
  return JobTimers::Start(shard, {.queue = weak_from_this(),
                                  .due = shard.port().Now() + delay,
                                  .period = period,
                                  .job = std::move(job)});
}

JobTimer JobQueue::StartRepeated(Clock::duration period, Task job) {
  SC_ASSERT(period > Clock::duration::zero());
  return StartTimer(period, std::move(job), period);
}

void JobQueue::Schedule() { global_queue_.Push(shared_from_this()); }

JobQueue::Node* JobQueue::Pop() {
  Node* next = head_->next.load(std::memory_order_acquire);
  while (next ==
         nullptr) {  // counted, but its producer is between exchange and link: a few instructions
    std::this_thread::yield();
    next = head_->next.load(std::memory_order_acquire);
  }
  delete std::exchange(head_, next);
  return next;
}

bool JobQueue::RunSlice(CompletionPort& clock, Clock::time_point end) {
  // A reading costs some 25 ns, a broadcast a millisecond: few jobs may pass the slice's end.
  constexpr std::size_t kJobsBetweenClockReadings = 4;
  constexpr std::size_t kJobsMax =
      1024;  // bounds a slice also where time stands still (simulation)
  for (std::size_t done = 1;; ++done) {
    {
      Task job = std::move(Pop()->job);
      job();
    }  // what it captured is gone before another shard may run this queue
    if (size_.fetch_sub(1, std::memory_order_acq_rel) == 1) return false;
    if (done == kJobsMax) return true;
    if (done % kJobsBetweenClockReadings == 0 && clock.Now() >= end) return true;
  }
}

}  // namespace servercore
