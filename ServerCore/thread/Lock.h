#pragma once
#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "ServerCore/thread/DeadLockProfiler.h"

namespace servercore {

/// What the build decides (STRESSBOT_LOCK_PROFILER; on in debug and sanitizer builds).
inline constexpr bool kRecordsLocks = SERVERCORE_RECORDS_LOCKS != 0;

/// What a lock keeps for the profiler.
template <bool kRecorded>
class RecordedLock {
 public:
  explicit RecordedLock(const char* name) : name_(DeadLockProfiler::OfProcess().Register(name)) {}
  void BeforeLock(LockMode mode) const {
    DeadLockProfiler::OfProcess().BeforeLock(this, name_, mode);
  }
  void BeforeUnlock() const { DeadLockProfiler::OfProcess().BeforeUnlock(this, name_); }

 private:
  DeadLockProfiler::Name name_;
};

template <>
class RecordedLock<false> {
 public:
  constexpr explicit RecordedLock(const char*) {}
  constexpr void BeforeLock(LockMode) const {}
  constexpr void BeforeUnlock() const {}
};

/// A mutex with a name. Used as any other, by std::lock_guard or std::unique_lock; as a
/// reader/writer lock also by std::shared_lock.
/// Recorded, it tells DeadLockProfiler of each lock and unlock; otherwise it is the mutex alone:
/// the name is not kept and no call is added. Thread: any.
template <typename Mutex, bool kRecorded>
class NamedLock {
 public:
  /// `name` says what it guards, as "shard inbox"; a constant. Locks of one name are one to the
  /// profiler.
  explicit NamedLock(const char* name) : recorded_(name) {}

  void lock() {
    recorded_.BeforeLock(LockMode::kExclusive);
    mutex_.lock();
  }
  void unlock() {
    recorded_.BeforeUnlock();
    mutex_.unlock();
  }
  void lock_shared() {
    recorded_.BeforeLock(LockMode::kShared);
    mutex_.lock_shared();
  }
  void unlock_shared() {
    recorded_.BeforeUnlock();
    mutex_.unlock_shared();
  }

 private:
  Mutex mutex_;
  [[no_unique_address]] RecordedLock<kRecorded> recorded_;
};

using Lock = NamedLock<std::mutex, kRecordsLocks>;
/// Many readers or one writer. Worth it only where readers hold it for long: for a few instructions
/// Lock is faster.
using RwLock = NamedLock<std::shared_mutex, kRecordsLocks>;

static_assert(sizeof(NamedLock<std::mutex, false>) == sizeof(std::mutex));
static_assert(sizeof(NamedLock<std::shared_mutex, false>) == sizeof(std::shared_mutex));

}  // namespace servercore
