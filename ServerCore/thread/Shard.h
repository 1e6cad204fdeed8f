#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <variant>
#include <vector>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/job/JobTimer.h"
#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Lock.h"
#include "ServerCore/thread/Task.h"
#include "ServerCore/thread/Timer.h"

namespace servercore {

class GlobalQueue;
class JobQueue;
class Service;

/// The sessions of one shard that a broadcast goes to. Immutable, shared while it is on its way.
using SessionList = std::shared_ptr<const std::vector<SessionId>>;

/// How often a shard met what should be rare.
struct ShardCounters {
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;    ///< taken by the system
  std::uint64_t stale_sends = 0;   ///< messages for sessions gone or closing
  std::uint64_t copied_sends = 0;  ///< of small pieces for peers that do not read: Session::Send
  std::uint64_t held_reads = 0;    ///< sockets left unread for a while: back-pressure

  void Add(const ShardCounters& other);
};

/// One thread's world: its port, sessions, timers, buffers and inbox. What lives here is touched by
/// nobody else; others leave messages with Post.
/// Thread: Post, PostSend, PostBroadcast and the counts any; everything else its own.
class Shard {
 public:
  static constexpr std::size_t kBatch = 256;               ///< completions at once
  static constexpr std::size_t kReceiveBytes = 64 * 1024;  ///< what one read brings at most
  /// Messages in an inbox, or jobs in a queue, beyond which those who feed it stop reading sockets.
  static constexpr std::size_t kWaitingMax = 16 * 1024;

  Shard(std::uint32_t index, std::unique_ptr<CompletionPort> port, SendBufferManager& buffers,
        GlobalQueue& global_queue);
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard();

  /// The shard whose turn it is on this thread; null outside of turns.
  static Shard* Current();
  bool IsCurrent() const { return Current() == this; }
  std::uint32_t index() const { return index_; }

  // Any thread. First in, first out; never blocks for long and never drops.
  void Post(Task task);
  void PostSend(SessionId to, SendBuffer buffer);
  void PostBroadcast(SessionList to, SendBuffer buffer);
  /// False when it was not sleeping: then it looks for work before it sleeps anyway.
  bool WakeIfSleeping();
  void Wake();  ///< also one that is about to sleep

  /// One round: inbox, wait (at most until `wait_until`), completions (a batch, or batches as long
  /// as more sessions have something to send), timers, jobs, flush. Returns when it would next want
  /// to run on its own.
  Clock::time_point Turn(Clock::time_point wait_until);
  // The two halves of a turn. A simulation lets others run between them: there a thread sleeps.
  /// Takes the inbox. Returns until when the other half may wait: at most until `wait_until`.
  Clock::time_point BeginTurn(Clock::time_point wait_until);
  /// `until` as BeginTurn gave it; the rest of the round.
  Clock::time_point FinishTurn(Clock::time_point until);

  Clock::time_point now() const { return now_; }  ///< when this turn's completions were taken
  CompletionPort& port() { return *port_; }
  TimerQueue& timers() { return timers_; }
  JobTimers& job_timers() { return job_timers_; }
  GlobalQueue& global_queue() const { return global_queue_; }  ///< any thread
  SendBufferPool& send_buffers() { return send_buffers_; }

  /// Takes the session over. It is destroyed after its OnDisconnected.
  Session& AddSession(std::unique_ptr<Session> session, Service* service);
  Session* FindSession(SessionId id);
  template <typename F>
  void ForEachSession(F&& visit) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].session != nullptr) visit(*slots_[i].session);
    }
  }
  /// Runs the queue's jobs in this turn's jobs stage (or the next turn's).
  void RunSoon(std::shared_ptr<JobQueue> queue);
  /// Back-pressure: until the queue is half as long, sessions here leave their sockets unread, and
  /// TCP slows the peers. Everything else goes on, so two shards that feed each other cannot lock.
  void HoldReadsFor(std::shared_ptr<JobQueue> queue);
  bool HoldsReads() const { return congested_inbox_ != nullptr || congested_jobs_ != nullptr; }
  /// Closes all with CloseReason::kShutdown.
  void CloseSessions(CloseKind kind);
  /// A turn would do something without waiting for it.
  bool HasWork() const;
  /// The part of it that only its own turns give it: nobody has to wake the shard for it.
  bool HasOwnWork() const { return !jobs_.empty() || !dirty_.empty(); }
  /// Nothing is open and nothing waits: only timers could make it do something.
  bool IsIdle() const;
  std::uint64_t events() const { return handled_; }  ///< messages, completions, timers so far

  std::size_t session_count() const { return session_count_.load(std::memory_order_relaxed); }
  ShardCounters counters() const;
  bool InboxIsEmpty() const { return inbox_size_.load(std::memory_order_acquire) == 0; }

 private:
  friend class Session;
  struct SendOne {
    SessionId to;
    SendBuffer buffer;
  };
  struct SendMany {
    SessionList to;
    SendBuffer buffer;
  };
  using Message = std::variant<Task, SendOne, SendMany>;
  struct Slot {
    std::unique_ptr<Session> session;
    std::uint32_t generation = 1;
  };
  class DrainTimer;
  class IdleTimer;

  void Push(Message message);
  std::size_t TakeBatch(Clock::time_point until);
  void DrainInbox();
  void Deliver(SendMany& message);
  Clock::time_point NextTurn() const;
  /// For a counter that this shard alone writes: no locked instruction on a packet's way.
  static void Increase(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void HoldRead(SessionId who);
  void ReleaseReads();
  void RunJobs();
  std::shared_ptr<JobQueue> NextJobQueue();
  void FlushSessions();
  void RemoveSession(SessionId id);
  std::span<std::byte> receive_block() { return {receive_block_.get(), kReceiveBytes}; }
  void WatchDrain(SessionId id, Clock::time_point deadline);
  void WatchIdle();

  const std::uint32_t index_;
  const std::unique_ptr<CompletionPort> port_;
  GlobalQueue& global_queue_;
  Clock::time_point now_{};
  TimerQueue timers_;
  JobTimers job_timers_{timers_};
  SendBufferPool send_buffers_;
  const std::unique_ptr<std::byte[]> receive_block_;
  std::array<IoEvent*, kBatch> batch_{};

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::unique_ptr<Session>> dead_;  ///< destroyed when nothing on the stack names them
  std::vector<SessionId> dirty_;                ///< to flush at the end of the turn
  std::vector<SessionId> flushed_;              ///< being flushed
  std::vector<SessionId> held_reads_;           ///< readable, but left so for the moment
  Shard* congested_inbox_ = nullptr;
  std::shared_ptr<JobQueue> congested_jobs_;
  std::uint64_t handled_ = 0;
  std::uint64_t completions_ = 0;
  bool batch_full_ = false;  ///< this turn's: the port may hold more
  std::deque<std::shared_ptr<JobQueue>> jobs_;
  bool own_jobs_next_ = false;  ///< or the GlobalQueue's
  std::unique_ptr<DrainTimer> drain_timer_;
  std::unique_ptr<IdleTimer> idle_timer_;

  Lock inbox_lock_{"shard inbox"};
  std::vector<Message> inbox_;
  std::vector<Message> inbox_taken_;
  std::atomic<std::size_t> inbox_size_{0};
  std::atomic<bool> sleeping_{false};
  std::atomic<std::size_t> session_count_{0};
  std::atomic<std::uint64_t> bytes_received_{0}, bytes_sent_{0};
  std::atomic<std::uint64_t> stale_sends_{0}, copied_sends_{0}, held_reads_count_{0};
};

}  // namespace servercore
