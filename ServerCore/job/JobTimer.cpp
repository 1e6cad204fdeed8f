#include "ServerCore/job/JobTimer.h"

#include <utility>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/thread/Shard.h"
#include "ServerCore/thread/Timer.h"

namespace servercore {

/// Owned by its shard's JobTimers while it is armed, and by the job that it pushed to its queue.
/// Thread: OnTimer its shard, Run the queue's turn, Cancel any.
class JobTimer::Entry final : public Timer, public std::enable_shared_from_this<Entry> {
 public:
  Entry(Shard& shard, JobTimers::Order order) : shard_(shard), order_(std::move(order)) {}

  bool waits() const { return state_.load(std::memory_order_acquire) == State::kWaiting; }
  Clock::time_point first_due() const { return order_.due; }

  void Cancel() {
    if (state_.exchange(State::kCancelled, std::memory_order_acq_rel) != State::kWaiting) return;
    if (shard_.IsCurrent()) {
      shard_.job_timers().Remove(*this);
    } else {
      shard_.Post([self = shared_from_this()] { self->shard_.job_timers().Remove(*self); });
    }
  }
  /// For JobTimers, which removes it itself.
  void Close() { state_.store(State::kCancelled, std::memory_order_release); }

 private:
  enum class State : std::uint8_t { kWaiting, kPushed, kCancelled };

  bool once() const { return order_.period == Clock::duration::zero(); }

  void OnTimer(Clock::time_point now) override {
    const std::shared_ptr<Entry> self = shared_from_this();  // Remove lets go of it
    const std::shared_ptr<JobQueue> queue = order_.queue.lock();
    if (queue == nullptr) return shard_.job_timers().Remove(*this);
    if (once()) {
      shard_.job_timers().Remove(*this);
      State waiting = State::kWaiting;
      if (!state_.compare_exchange_strong(waiting, State::kPushed)) return;
    } else {
      // The next place on the grid that is still to come: late ones are left out, not made up for.
      const auto passed = (now - due()) / order_.period + 1;
      shard_.timers().Set(*this, due() + passed * order_.period);
      if (in_queue_.exchange(true, std::memory_order_acq_rel)) return;  // the last one still waits
    }
    queue->Push([self] { self->Run(); });
  }

  void Run() {
    in_queue_.store(false, std::memory_order_release);
    if (state_.load(std::memory_order_acquire) != State::kCancelled) order_.job();
  }

  Shard& shard_;
  JobTimers::Order order_;
  std::atomic<State> state_{State::kWaiting};
  std::atomic<bool> in_queue_{false};  ///< repeated ones: pushed, and did not run yet
};

void JobTimer::Cancel() {
  if (const std::shared_ptr<Entry> entry = entry_.lock()) entry->Cancel();
  entry_.reset();
}

JobTimer JobTimers::Start(Shard& shard, Order order) {
  auto entry = std::make_shared<Entry>(shard, std::move(order));
  JobTimer timer(entry);
  if (shard.IsCurrent()) {
    shard.job_timers().Arm(std::move(entry));
  } else {
    shard.Post([&shard, entry = std::move(entry)] { shard.job_timers().Arm(entry); });
  }
  return timer;
}

void JobTimers::Arm(std::shared_ptr<Entry> entry) {
  if (closed_ || !entry->waits()) return;  // cancelled on its way here
  timers_.Set(*entry, entry->first_due());
  const Entry* key = entry.get();
  entries_.emplace(key, std::move(entry));
  size_.store(entries_.size(), std::memory_order_relaxed);
}

void JobTimers::Remove(Entry& entry) {
  timers_.Cancel(entry);
  const auto taken = entries_.extract(&entry);  // what it captured dies last: it may call us
  size_.store(entries_.size(), std::memory_order_relaxed);
}

void JobTimers::CancelAll() {
  closed_ = true;
  const auto taken = std::exchange(entries_, {});
  size_.store(0, std::memory_order_relaxed);
  for (const auto& [key, entry] : taken) {
    timers_.Cancel(*entry);
    entry->Close();
  }
}

}  // namespace servercore
