#include "ServerCore/thread/DeadLockProfiler.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <sstream>
#include <thread>
#include <utility>

#include "ServerCore/Assert.h"

namespace servercore {

namespace {

struct HeldLock {
  const void* lock;
  DeadLockProfiler::Name name;
  LockMode mode;
};

/// Without a destructor, since the destructors of other thread-local objects may take locks.
struct ThreadLocks {
  static constexpr std::size_t kMax = 32;
  std::array<HeldLock, kMax> locks;
  std::size_t count;
  std::array<char, 32> thread_name;

  std::span<const HeldLock> held() const { return {locks.data(), count}; }
};
thread_local constinit ThreadLocks this_thread{};

std::string DescribeThread() {
  std::ostringstream text;
  text << "thread " << std::this_thread::get_id();
  if (this_thread.thread_name[0] != '\0') text << " (" << this_thread.thread_name.data() << ")";
  return text.str();
}

[[noreturn]] void PrintAndAbort(const LockReport& report) {
  std::fprintf(stderr, "%s\n", report.text.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace

DeadLockProfiler::DeadLockProfiler() : handler_(PrintAndAbort) {}

DeadLockProfiler& DeadLockProfiler::OfProcess() {
  // Never destroyed: objects with static storage may hold locks to the very end.
  static auto* profiler = new DeadLockProfiler;
  return *profiler;
}

DeadLockProfiler::Name DeadLockProfiler::Register(const char* name) {
  const std::lock_guard lock(mutex_);
  const auto [place, added] = numbers_.try_emplace(name, names_.size());
  if (added) {
    names_.emplace_back(name);
    edges_.emplace_back();
  }
  return place->second;
}

DeadLockProfiler::Handler DeadLockProfiler::SetHandler(Handler handler) {
  const std::lock_guard lock(mutex_);
  return std::exchange(handler_, std::move(handler));
}

void DeadLockProfiler::NameThisThread(std::string name) {
  name.resize(std::min(name.size(), this_thread.thread_name.size() - 1));
  this_thread.thread_name = {};
  std::ranges::copy(name, this_thread.thread_name.begin());
}

void DeadLockProfiler::BeforeLock(const void* lock, Name name, LockMode mode) {
  if (this_thread.count != 0) LookAtHeld(lock, name, mode);
  SC_ASSERT(this_thread.count < ThreadLocks::kMax);
  this_thread.locks[this_thread.count++] = {lock, name, mode};
}

void DeadLockProfiler::LookAtHeld(const void* lock, Name name, LockMode mode) {
  for (const HeldLock& held : this_thread.held()) {
    if (held.lock == lock) {
      const bool upgrade = held.mode == LockMode::kShared && mode == LockMode::kExclusive;
      return upgrade ? Report(LockFault::kUpgrade,
                              DescribeThread() + " reads under " + Quoted(name) +
                                  " and wants to write: it would wait for itself for ever.\n"
                                  "Give up the reading first, or write from the beginning.")
                     : Report(LockFault::kTakenTwice,
                              DescribeThread() + " takes " + Quoted(name) +
                                  ", which it has already: it would wait for itself for ever.");
    }
    if (held.name == name) {
      return Report(LockFault::kSameName,
                    DescribeThread() + " takes a second " + Quoted(name) +
                        ": nothing says which of two such locks comes first.\n"
                        "Take one at a time, or give them names that differ.");
    }
  }
  for (const HeldLock& held : this_thread.held()) AddEdge(held.name, name);
}

void DeadLockProfiler::BeforeUnlock(const void* lock, Name name) {
  const std::span<const HeldLock> all = this_thread.held();
  const auto held = std::ranges::find(all, lock, &HeldLock::lock);
  if (held == all.end()) {
    return Report(LockFault::kNotTaken,
                  DescribeThread() + " gives up " + Quoted(name) + ", which it does not have.");
  }
  const bool last = held + 1 == all.end();
  const std::string taken_last = last ? std::string() : Quoted(all.back().name);
  const auto place = this_thread.locks.begin() + (held - all.begin());
  std::copy(place + 1, this_thread.locks.begin() + static_cast<std::ptrdiff_t>(all.size()), place);
  --this_thread.count;
  if (!last) {
    Report(LockFault::kUnlockedOrder, DescribeThread() + " gives up " + Quoted(name) + " before " +
                                          taken_last + ", which it took later.");
  }
}

void DeadLockProfiler::AddEdge(Name from, Name to) {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(edges_[from], to, &Edge::to) != edges_[from].end()) return;
    edges_[from].push_back({from, to, DescribeThread()});
    std::vector<bool> seen(names_.size());
    Path path;
    if (FindPath(to, from, seen, path)) text = DescribeCycle(edges_[from].back(), path);
  }
  if (!text.empty()) Report(LockFault::kCycle, text);
}

bool DeadLockProfiler::FindPath(Name from, Name to, std::vector<bool>& seen, Path& path) const {
  if (from == to) return true;
  seen[from] = true;
  for (const Edge& edge : edges_[from]) {
    if (seen[edge.to]) continue;
    path.push_back(&edge);
    if (FindPath(edge.to, to, seen, path)) return true;
    path.pop_back();
  }
  return false;
}

std::string DeadLockProfiler::DescribeCycle(const Edge& closing, const Path& path) const {
  const auto quoted = [this](Name name) { return '"' + names_[name] + '"'; };
  std::string text =
      "Locks are taken in two orders; threads that do so at once wait for ever.\n  " +
      closing.thread + " has " + quoted(closing.from) + " and takes " + quoted(closing.to) + "\n";
  for (const Edge* edge : path) {
    text += "  " + edge->thread + " had " + quoted(edge->from) + " when it took " +
            quoted(edge->to) + "\n";
  }
  return text + "Take them in one order everywhere, or give one up before taking the other.";
}

void DeadLockProfiler::Report(LockFault fault, const std::string& text) const {
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    handler = handler_;
  }
  handler({fault, text});
}

std::string DeadLockProfiler::Quoted(Name name) const {
  const std::lock_guard lock(mutex_);
  return '"' + names_[name] + '"';
}

}  // namespace servercore
