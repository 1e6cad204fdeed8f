#include "ServerCore/thread/ShardGroup.h"

#include <algorithm>
#include <string>

#include "ServerCore/Assert.h"
#include "ServerCore/io/Ports.h"
#include "ServerCore/thread/Lock.h"

namespace servercore {

ShardGroup::ShardGroup(std::vector<std::unique_ptr<CompletionPort>> ports) {
  for (std::unique_ptr<CompletionPort>& port : ports) {
    const auto index = static_cast<std::uint32_t>(shards_.size());
    shards_.push_back(
        std::make_unique<Shard>(index, std::move(port), send_buffers_, global_queue_));
    global_queue_.AddShard(*shards_.back());
  }
}

ShardGroup::~ShardGroup() {
  if (running()) Shutdown(std::chrono::milliseconds(0));
  global_queue_.RemoveShards();
}

std::vector<std::unique_ptr<CompletionPort>> ShardGroup::MakePorts(std::size_t count) {
  std::vector<std::unique_ptr<CompletionPort>> ports;
  for (std::size_t i = 0; i < count; ++i) ports.push_back(MakeSystemPort());
  return ports;
}

std::size_t ShardGroup::session_count() const {
  std::size_t sum = 0;
  for (const auto& shard : shards_) sum += shard->session_count();
  return sum;
}

CoreCounters ShardGroup::counters() const {
  CoreCounters sum{.shards = {}, .buffers = send_buffers_.counters()};
  for (const auto& shard : shards_) sum.shards.Add(shard->counters());
  return sum;
}

void ShardGroup::Start() {
  SC_ASSERT(!shut_down_);
  try {
    for (const auto& shard : shards_) {
      threads_.emplace_back([this, &turned = *shard] {
        if constexpr (kRecordsLocks) {
          DeadLockProfiler::NameThisThread("shard " + std::to_string(turned.index()));
        }
        while (!stopping_.load(std::memory_order_acquire)) turned.Turn(Clock::time_point::max());
      });
    }
  } catch (...) {
    EndThreads();
    throw;
  }
}

void ShardGroup::Shutdown(std::chrono::milliseconds deadline) {
  shut_down_ = true;
  CancelJobTimers();
  CloseSessions(CloseKind::kOrderly);
  if (running() && !WaitUntilIdle(std::chrono::steady_clock::now() + deadline)) {
    CloseSessions(CloseKind::kReset);
    // A reset needs nothing of the peer: this takes as long as a turn of each shard.
    WaitUntilIdle(std::chrono::steady_clock::now() + std::chrono::seconds(30));
  }
  EndThreads();
  RunRest();
}

void ShardGroup::EndThreads() {
  stopping_.store(true, std::memory_order_release);
  for (const auto& shard : shards_) shard->Wake();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  stopping_.store(false, std::memory_order_release);
}

std::size_t ShardGroup::job_timer_count() const {
  std::size_t sum = 0;
  for (const auto& shard : shards_) sum += shard->job_timers().size();
  return sum;
}

void ShardGroup::CancelJobTimers() {
  for (const auto& shard : shards_) {
    shard->Post([&closed = *shard] { closed.job_timers().CancelAll(); });
  }
}

void ShardGroup::CloseSessions(CloseKind kind) {
  for (const auto& shard : shards_) {
    shard->Post([&closed = *shard, kind] { closed.CloseSessions(kind); });
  }
}

/// What the last turns left: jobs pushed by the last OnDisconnected, the listener's closed event.
/// The threads are gone, so their turns are taken here.
void ShardGroup::RunRest() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!IsIdle()) {
    SC_ASSERT(std::chrono::steady_clock::now() < until && "a listener was not stopped");
    if (session_count() != 0) CloseSessions(CloseKind::kReset);  // opened while the others closed
    for (const auto& shard : shards_) shard->Turn(Clock::time_point::min());
  }
  SC_ASSERT(job_timer_count() == 0);
  for (const auto& shard : shards_) shard->send_buffers().Drop();
}

bool ShardGroup::IsIdle() const {
  return std::ranges::all_of(shards_, [](const auto& shard) { return shard->IsIdle(); });
}

bool ShardGroup::SeemsIdle() const {
  for (const auto& shard : shards_) {
    if (shard->session_count() != 0 || !shard->InboxIsEmpty()) return false;
  }
  return global_queue_.empty();
}

bool ShardGroup::WaitUntilIdle(std::chrono::steady_clock::time_point until) const {
  // Polled, because it happens once in a process' life and a condition would cost each message.
  while (!SeemsIdle()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace servercore
