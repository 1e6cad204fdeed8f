#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "ReferenceServer/Room.h"
#include "ServerCore/thread/Lock.h"

namespace reference {

/// Finds a room with a free place; opens another when all are full; closes one that was empty for
/// kEmptyRoomKept. Thread: any.
/// A lock and not a JobQueue, because the reply to C_ENTER_GAME names the room, so the answer is
/// needed at once. It is held for a few instructions on entering and leaving, never for a chat.
class RoomDirectory {
 public:
  static constexpr std::chrono::seconds kEmptyRoomKept{30};

  /// REQUIRES room_size > 0.
  RoomDirectory(servercore::ShardGroup& shards, std::size_t room_size)
      : shards_(shards), room_size_(room_size) {}

  /// The caller then pushes Room::Enter.
  RoomRef TakePlace();
  /// The caller has pushed Room::Leave, so that whoever gets the place enters after it.
  void FreePlace(const Room& room);
  std::size_t rooms_in_use() const;

 private:
  struct Entry {
    RoomRef room;  ///< null when it is closed; the next one has its id
    std::size_t taken = 0;
    servercore::JobTimer closing{};
  };
  void CloseIfEmpty(std::uint64_t id);

  servercore::ShardGroup& shards_;
  const std::size_t room_size_;
  /// Only rooms_in_use() shares it: RwLock's one use here, not a gain in speed.
  mutable servercore::RwLock lock_{"room directory"};
  std::vector<Entry> entries_;          ///< by room id - 1
  std::set<std::uint64_t> with_place_;  ///< the lowest first, so that rooms fill up
  std::size_t in_use_ = 0;
};

}  // namespace reference
