#include "ServerCore/thread/Shard.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/job/GlobalQueue.h"
#include "ServerCore/job/JobQueue.h"
#include "ServerCore/net/Service.h"

namespace servercore {

namespace {

constexpr Clock::duration kJobSlice = std::chrono::milliseconds(1);
constexpr std::size_t kQueuesPerTurn = 256;  ///< bounds a slice where time stands still
constexpr Clock::duration kHeldReadsPause = std::chrono::milliseconds(1);

thread_local Shard* current_shard = nullptr;

/// Set by the turn, not by the thread: a simulation runs all shards on one thread.
class CurrentScope {
 public:
  explicit CurrentScope(Shard* shard) : before_(std::exchange(current_shard, shard)) {}
  ~CurrentScope() { current_shard = before_; }
  CurrentScope(const CurrentScope&) = delete;
  CurrentScope& operator=(const CurrentScope&) = delete;

 private:
  Shard* before_;
};

}  // namespace

/// Ends orderly closes whose peer does not end. One timer for all: they wait equally long, so most
/// are gone before it rings.
class Shard::DrainTimer final : public Timer {
 public:
  explicit DrainTimer(Shard& shard) : shard_(shard) {}
  ~DrainTimer() override { shard_.timers_.Cancel(*this); }

  void Watch(SessionId id, Clock::time_point deadline) {
    deadlines_.emplace(deadline, id);
    if (!armed() || deadline < due()) shard_.timers_.Set(*this, deadline);
  }

 private:
  void OnTimer(Clock::time_point now) override {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
      Session* session = shard_.FindSession(deadlines_.begin()->second);
      deadlines_.erase(deadlines_.begin());
      if (session != nullptr && session->state() == Session::State::kDraining) {
        session->CloseNow(CloseKind::kReset, CloseReason::kDrainTimeout, {});
      }
    }
    if (!deadlines_.empty()) shard_.timers_.Set(*this, deadlines_.begin()->first);
  }

  Shard& shard_;
  std::multimap<Clock::time_point, SessionId> deadlines_;
};

/// Looks once a second for sessions that have been idle for too long.
class Shard::IdleTimer final : public Timer {
 public:
  static constexpr std::chrono::seconds kPeriod{1};
  static constexpr std::chrono::milliseconds kUnreadPause{1};

  explicit IdleTimer(Shard& shard) : shard_(shard) {}
  ~IdleTimer() override { shard_.timers_.Cancel(*this); }
  void Begin() {
    if (!armed()) shard_.timers_.Set(*this, shard_.now() + kPeriod);
  }

 private:
  void OnTimer(Clock::time_point now) override {
    bool any = false;
    if (HasUnread()) return shard_.timers_.Set(*this, now + kUnreadPause);
    const bool reads = !shard_.HoldsReads();  // else the silence may be ours
    shard_.ForEachSession([&](Session& session) {
      const auto limit = session.options_->idle_timeout;
      if (limit.count() == 0) return;
      any = true;
      if (reads && session.IsOpen() && now - session.last_received() > limit) {
        session.CloseNow(CloseKind::kReset, CloseReason::kIdle, {});
      }
    });
    if (any) shard_.timers_.Set(*this, now + kPeriod);
  }

  /// A full batch may have left completions behind, as after a stall of ours: silence says nothing
  /// then. Ports hand out in order, so it ends with the first batch that is not full, and where all
  /// are full, when each session had its turn: one read and one send wait for each at most.
  bool HasUnread() {
    if (!shard_.batch_full_) {
      read_at_ = 0;
      return false;
    }
    if (read_at_ == 0) read_at_ = shard_.completions_ + 2 * shard_.session_count();
    if (shard_.completions_ < read_at_) return true;
    read_at_ = 0;
    return false;
  }

  Shard& shard_;
  std::uint64_t read_at_ = 0;  ///< completions after which all are read; 0: none are waited for
};

Shard::Shard(std::uint32_t index, std::unique_ptr<CompletionPort> port, SendBufferManager& buffers,
             GlobalQueue& global_queue)
    : index_(index),
      port_(std::move(port)),
      global_queue_(global_queue),
      now_(port_->Now()),
      send_buffers_(buffers),
      receive_block_(new std::byte[kReceiveBytes]),
      drain_timer_(std::make_unique<DrainTimer>(*this)),
      idle_timer_(std::make_unique<IdleTimer>(*this)) {}

void ShardCounters::Add(const ShardCounters& other) {
  bytes_received += other.bytes_received;
  bytes_sent += other.bytes_sent;
  stale_sends += other.stale_sends;
  copied_sends += other.copied_sends;
  held_reads += other.held_reads;
}

Shard::~Shard() { SC_ASSERT(session_count() == 0); }

Shard* Shard::Current() { return current_shard; }

void Shard::Post(Task task) { Push(std::move(task)); }
void Shard::PostSend(SessionId to, SendBuffer buffer) {
  if (buffer) Push(SendOne{to, std::move(buffer)});
}
void Shard::PostBroadcast(SessionList to, SendBuffer buffer) {
  if (buffer) Push(SendMany{std::move(to), std::move(buffer)});
}

void Shard::Push(Message message) {
  std::size_t size = 0;
  {
    const std::lock_guard locked(inbox_lock_);
    inbox_.push_back(std::move(message));
    size = inbox_.size();
    inbox_size_.store(size, std::memory_order_seq_cst);
  }
  if (size > kWaitingMax) {
    Shard* feeder = Current();
    if (feeder != nullptr && &feeder->global_queue_ == &global_queue_) {
      feeder->congested_inbox_ = this;
    }
  }
  WakeIfSleeping();
}

bool Shard::WakeIfSleeping() {
  if (!sleeping_.load(std::memory_order_seq_cst)) return false;
  if (!sleeping_.exchange(false, std::memory_order_seq_cst)) return false;
  port_->Wake();
  return true;
}

void Shard::Wake() { port_->Wake(); }

Clock::time_point Shard::Turn(Clock::time_point wait_until) {
  return FinishTurn(BeginTurn(wait_until));
}

Clock::time_point Shard::BeginTurn(Clock::time_point wait_until) {
  const CurrentScope scope(this);
  DrainInbox();
  dead_.clear();  // else they would stay as long as it sleeps
  if (HasWork()) return Clock::time_point::min();
  sleeping_.store(true, std::memory_order_seq_cst);
  if (HasWork()) return Clock::time_point::min();  // it came between the look and the flag
  return std::min(wait_until, NextTurn());
}

Clock::time_point Shard::FinishTurn(Clock::time_point until) {
  const CurrentScope scope(this);
  std::size_t taken = TakeBatch(until);
  // What comes in is read before as much goes out, for the answers then leave together. Else a
  // server that broadcasts reads one batch of a long queue, sends to everyone, and so on: new
  // connections and logins wait for seconds.
  while (batch_full_ && taken < dirty_.size()) taken += TakeBatch(Clock::time_point::min());
  if (HoldsReads() || !held_reads_.empty()) ReleaseReads();
  handled_ += timers_.RunDue(now_);
  RunJobs();
  FlushSessions();
  dead_.clear();
  return HasWork() ? Clock::time_point::min() : NextTurn();
}

std::size_t Shard::TakeBatch(Clock::time_point until) {
  const std::size_t count = port_->Wait(batch_, until);
  sleeping_.store(false, std::memory_order_relaxed);
  now_ = port_->Now();
  handled_ += count;
  completions_ += count;
  batch_full_ = count == batch_.size();
  for (std::size_t i = 0; i < count; ++i) batch_[i]->owner->OnIo(*batch_[i]);
  return count;
}

ShardCounters Shard::counters() const {
  return {.bytes_received = bytes_received_.load(std::memory_order_relaxed),
          .bytes_sent = bytes_sent_.load(std::memory_order_relaxed),
          .stale_sends = stale_sends_.load(std::memory_order_relaxed),
          .copied_sends = copied_sends_.load(std::memory_order_relaxed),
          .held_reads = held_reads_count_.load(std::memory_order_relaxed)};
}

bool Shard::HasWork() const {
  return inbox_size_.load(std::memory_order_seq_cst) != 0 || HasOwnWork() || !global_queue_.empty();
}

bool Shard::IsIdle() const {
  return !HasWork() && !HoldsReads() && session_count() == 0 && port_->open_handles() == 0;
}

Clock::time_point Shard::NextTurn() const {
  const Clock::time_point due = timers_.NextDue();
  const bool looks_again = HoldsReads() || !held_reads_.empty();
  return looks_again ? std::min(due, now_ + kHeldReadsPause) : due;
}

void Shard::DrainInbox() {
  if (InboxIsEmpty()) return;
  {
    const std::lock_guard locked(inbox_lock_);
    inbox_taken_.swap(inbox_);
    inbox_size_.store(0, std::memory_order_seq_cst);
  }
  now_ = port_->Now();  // the last turn may be long ago
  for (Message& message : inbox_taken_) {
    if (auto* task = std::get_if<Task>(&message)) {
      (*task)();
    } else if (auto* many = std::get_if<SendMany>(&message)) {
      Deliver(*many);
    } else if (auto* one = std::get_if<SendOne>(&message)) {
      Session* session = FindSession(one->to);
      if (session == nullptr || session->Send(std::move(one->buffer)) == SendResult::kClosed) {
        stale_sends_.fetch_add(1, std::memory_order_relaxed);
      }
    }
  }
  handled_ += inbox_taken_.size();
  inbox_taken_.clear();
}

void Shard::Deliver(SendMany& message) {
  // All references at once; a receiver that is gone gives its own back by the copy's end.
  message.buffer.AddReferences(static_cast<std::uint32_t>(message.to->size()));
  std::uint64_t stale = 0;
  for (const SessionId id : *message.to) {
    SendBuffer share = message.buffer.Share();
    Session* session = FindSession(id);
    if (session == nullptr || session->Send(std::move(share)) == SendResult::kClosed) ++stale;
  }
  if (stale > 0) stale_sends_.fetch_add(stale, std::memory_order_relaxed);
}

Session& Shard::AddSession(std::unique_ptr<Session> session, Service* service) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  session->shard_ = this;
  session->service_ = service;
  session->id_ = {slot, slots_[slot].generation};
  session->read_event_.owner = session->send_event_.owner = session->closed_event_.owner =
      session.get();
  slots_[slot].session = std::move(session);
  session_count_.fetch_add(1, std::memory_order_relaxed);
  if (service != nullptr) service->OnSessionAdded();
  if (slots_[slot].session->options_->idle_timeout.count() > 0) WatchIdle();
  return *slots_[slot].session;
}

Session* Shard::FindSession(SessionId id) {
  if (id.slot >= slots_.size() || slots_[id.slot].generation != id.generation) return nullptr;
  return slots_[id.slot].session.get();
}

void Shard::RemoveSession(SessionId id) {
  Slot& slot = slots_[id.slot];
  Service* service = slot.session->service_;
  dead_.push_back(std::move(slot.session));
  if (++slot.generation == 0) slot.generation = 1;
  free_slots_.push_back(id.slot);
  session_count_.fetch_sub(1, std::memory_order_release);
  if (service != nullptr) service->OnSessionRemoved();
}

void Shard::RunSoon(std::shared_ptr<JobQueue> queue) {
  SC_ASSERT(IsCurrent());
  jobs_.push_back(std::move(queue));
}

std::shared_ptr<JobQueue> Shard::NextJobQueue() {
  // In turns, and across turns of the shard: neither side can starve the other.
  own_jobs_next_ = !own_jobs_next_;
  if (!own_jobs_next_ || jobs_.empty()) {
    if (std::shared_ptr<JobQueue> queue = global_queue_.TryPop()) return queue;
  }
  if (jobs_.empty()) return nullptr;
  std::shared_ptr<JobQueue> queue = std::move(jobs_.front());
  jobs_.pop_front();
  return queue;
}

void Shard::RunJobs() {
  if (jobs_.empty() && global_queue_.empty()) return;
  const Clock::time_point end = port_->Now() + kJobSlice;
  std::shared_ptr<JobQueue> unfinished;
  for (std::size_t run = 0; run < kQueuesPerTurn; ++run) {
    std::shared_ptr<JobQueue> queue = NextJobQueue();
    if (queue == nullptr) return;
    if (queue->RunSlice(*port_, end)) {
      unfinished = std::move(queue);
      break;
    }
    if (port_->Now() >= end) break;
  }
  // The slice is over, this shard's sockets wait: somebody who sleeps may take what is left. A
  // queue that had its time stands behind those that had none.
  for (; !jobs_.empty(); jobs_.pop_front()) global_queue_.Push(std::move(jobs_.front()));
  if (unfinished != nullptr) unfinished->Schedule();
}

void Shard::FlushSessions() {
  if (dirty_.empty()) return;
  const Clock::time_point sent_at = port_->Now();
  flushed_.swap(dirty_);  // what OnSent sends goes out next turn, or a sender could hold the shard
  for (const SessionId id : flushed_) {
    if (Session* session = FindSession(id)) session->Flush(sent_at);
  }
  flushed_.clear();
}

void Shard::HoldReadsFor(std::shared_ptr<JobQueue> queue) { congested_jobs_ = std::move(queue); }

void Shard::HoldRead(SessionId who) {
  held_reads_.push_back(who);
  held_reads_count_.fetch_add(1, std::memory_order_relaxed);
}

void Shard::ReleaseReads() {
  // Half of the mark, so that it does not switch with every message.
  if (congested_inbox_ != nullptr &&
      congested_inbox_->inbox_size_.load(std::memory_order_relaxed) <= kWaitingMax / 2) {
    congested_inbox_ = nullptr;
  }
  if (congested_jobs_ != nullptr && congested_jobs_->size() <= kWaitingMax / 2) {
    congested_jobs_.reset();
  }
  std::size_t released = 0;
  while (released < held_reads_.size() && !HoldsReads()) {
    if (Session* session = FindSession(held_reads_[released++])) session->Receive();
  }
  held_reads_.erase(held_reads_.begin(),
                    held_reads_.begin() + static_cast<std::ptrdiff_t>(released));
}

void Shard::CloseSessions(CloseKind kind) {
  ForEachSession([kind](Session& session) { session.DisconnectFor(kind, CloseReason::kShutdown); });
}

void Shard::WatchDrain(SessionId id, Clock::time_point deadline) {
  drain_timer_->Watch(id, deadline);
}
void Shard::WatchIdle() { idle_timer_->Begin(); }

}  // namespace servercore
