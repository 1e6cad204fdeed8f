#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/thread/Task.h"

namespace servercore {

class GlobalQueue;

/// Runs its jobs one after the other, in the order of Push, on whichever shard has the turn: state
/// that only its own jobs touch needs no lock. Derive from it (a Room is a JobQueue) and hold it by
/// shared_ptr; a queue with jobs keeps itself alive until they ran.
/// Push never runs a job in place. Thread: any.
class JobQueue : public std::enable_shared_from_this<JobQueue> {
 public:
  explicit JobQueue(GlobalQueue& global_queue);
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;
  virtual ~JobQueue();

  void Push(Task job);
  /// Calls a member function with copies of the arguments: room->Push(&Room::Enter, player).
  template <typename T, typename... Parameters, typename... Arguments>
  void Push(void (T::*method)(Parameters...), Arguments... arguments) {
    // The queue lives while its jobs run, so `this` is safe here.
    Push(Task([object = static_cast<T*>(this), method, ... a = std::move(arguments)]() mutable {
      (object->*method)(std::move(a)...);
    }));
  }

  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  /// For Shard: runs jobs until none is left or it is `end`. True when jobs are left.
  bool RunSlice(CompletionPort& clock, Clock::time_point end);
  void Schedule();  ///< for Shard: hands the rest to the GlobalQueue

 private:
  /// Multi-producer single-consumer list of Dmitry Vyukov: a push is one exchange.
  struct Node {
    std::atomic<Node*> next{nullptr};
    Task job;
  };
  Node* Pop();

  GlobalQueue& global_queue_;
  std::atomic<std::size_t> size_{0};
  std::atomic<Node*> tail_;  ///< where producers append
  Node* head_;               ///< the consumer's: a node whose job was taken already
};

}  // namespace servercore
