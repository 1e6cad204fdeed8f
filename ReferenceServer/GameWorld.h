#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "ReferenceServer/RoomDirectory.h"

namespace reference {

inline constexpr std::size_t kCharacters = 2;          ///< that a login offers
inline constexpr std::size_t kNameBytesMax = 64;       ///< of C_LOGIN.name, UTF-8
inline constexpr std::size_t kMessageBytesMax = 4096;  ///< of C_CHAT.msg, UTF-8

/// What all sessions play in. Thread: any.
class GameWorld {
 public:
  GameWorld(servercore::ShardGroup& shards, std::size_t room_size) : rooms_(shards, room_size) {}

  RoomDirectory& rooms() { return rooms_; }
  const RoomDirectory& rooms() const { return rooms_; }
  /// The first of `count` ids that nobody had before.
  std::uint64_t TakePlayerIds(std::uint64_t count) {
    return next_player_id_.fetch_add(count, std::memory_order_relaxed);
  }

 private:
  RoomDirectory rooms_;
  std::atomic<std::uint64_t> next_player_id_{1};
};

}  // namespace reference
