#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>

#include "ServerCore/net/Session.h"

namespace reference::defects {

/// Volatile, or the compiler leaves out what no correct program could read.
inline void FillAsFreed(volatile unsigned char* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[i] = 0xDD;
}

/// Fills what it frees with 0xDD, as the debug heap of Visual C++ does, on which the mistake below
/// was found. Without it a freed node mostly still holds what it held, and the mistake survives
/// thousands of failed sends unseen.
template <typename T>
class FillingAllocator {
 public:
  using value_type = T;
  FillingAllocator() = default;
  template <typename U>
  explicit(false) FillingAllocator(const FillingAllocator<U>&) {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    FillAsFreed(reinterpret_cast<volatile unsigned char*>(memory), count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const FillingAllocator&, const FillingAllocator&) { return true; }
};

struct BroadcastCounts {
  std::uint64_t walks = 0;
  std::uint64_t failed_sends = 0;  ///< inside a walk, each of which changed the set being walked
};

/// The classic crash: the server broadcasts while its clients are killed.
/// Each 250 ms it walks the set of all sessions, under a lock, and sends each of them a chat. A
/// send that fails disconnects its session at once; the disconnect handler takes the session out of
/// the set. So the walk goes on from a node that is no longer there. The lock does not help: it is
/// the same thread, and the lock lets its owner in again. The mistake is all here. What it needs of
/// the outside is Join and Leave. Thread: any; it has one of its own that walks.
class BroadcastDisconnect {
 public:
  static constexpr std::chrono::milliseconds kPeriod{250};

  /// A client, as the broken code knows it.
  struct Member {
    std::intptr_t socket = -1;
    servercore::SessionRef session;
  };
  using MemberRef = std::shared_ptr<Member>;

  BroadcastDisconnect();
  BroadcastDisconnect(const BroadcastDisconnect&) = delete;
  BroadcastDisconnect& operator=(const BroadcastDisconnect&) = delete;
  ~BroadcastDisconnect() { Stop(); }

  /// Walks no more. Harmless when stopped.
  void Stop();

  MemberRef Join(const servercore::Session& session);  ///< REQUIRES the session's shard, open
  void Leave(const MemberRef& member);                 ///< harmless when it has left
  BroadcastCounts counts() const;

 private:
  void WalkUntilStopped();
  void Broadcast(std::span<const std::byte> packet);
  void Send(const MemberRef& member, std::span<const std::byte> packet);
  void Disconnect(const MemberRef& member);

  /// The course's write lock: whoever has it may lock it again.
  std::recursive_mutex lock_;
  std::set<MemberRef, std::less<>, FillingAllocator<MemberRef>> sessions_;
  std::atomic<std::uint64_t> walks_{0};
  std::atomic<std::uint64_t> failed_sends_{0};
  bool told_ = false;  ///< of this walk

  std::mutex stop_lock_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reference::defects
