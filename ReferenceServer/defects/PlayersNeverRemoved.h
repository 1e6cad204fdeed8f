#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "ReferenceServer/Player.h"

namespace reference::defects {

/// The players of all rooms, with what each carries. Who leaves is not taken out, neither here nor
/// of the room's list of listeners: each return of a player adds one more to remember and to send
/// to. Thread: any.
class PlayersNeverRemoved {
 public:
  void Enter(const PlayerRef& player) {
    const std::lock_guard lock(lock_);
    players_.push_back(std::make_unique<Avatar>(Avatar{player, {}}));
  }
  std::uint64_t players() const {
    const std::lock_guard lock(lock_);
    return players_.size();
  }

 private:
  struct Item {
    std::uint64_t id = 0;
    std::uint64_t count = 0;
  };
  struct Avatar {
    PlayerRef player;
    std::array<Item, 256> inventory{};  ///< 4 KiB
  };
  mutable std::mutex lock_;
  std::vector<std::unique_ptr<Avatar>> players_;
};

}  // namespace reference::defects
