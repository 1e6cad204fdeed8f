#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "ServerCore/net/Session.h"

namespace reference::defects {

/// A room as a lock and a list. Whoever speaks holds the lock while everybody is sent to, one
/// system call each, and a call waits while its receiver is slow. So all speakers of a room wait
/// for each other and for its slowest listener, and the work grows with the square of the players.
/// The mistake is what is done under the lock; the lock itself is right.
/// Thread: any.
class RoomLock {
 public:
  void Enter(std::uint64_t room, const servercore::Session& session);
  void Leave(std::uint64_t room, const servercore::SessionRef& session);
  void Chat(std::uint64_t room, std::span<const std::byte> packet);
  std::uint64_t chats() const { return chats_; }

 private:
  struct Member {
    servercore::SessionRef session;
    std::intptr_t socket = -1;
  };
  struct Room {
    std::mutex lock;
    std::vector<Member> members;
  };
  Room& RoomOf(std::uint64_t id);

  std::atomic<std::uint64_t> chats_{0};
  std::mutex rooms_lock_;
  std::map<std::uint64_t, std::unique_ptr<Room>> rooms_;
};

}  // namespace reference::defects
