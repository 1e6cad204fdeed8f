#pragma once
#include <chrono>
#include <cstdint>
#include <memory>

#include "ReferenceServer/Audience.h"
#include "ReferenceServer/CellGrid.h"
#include "ReferenceServer/Player.h"
#include "ServerCore/job/JobQueue.h"
#include "ServerCore/net/SendBuffer.h"

namespace servercore {
class ShardGroup;
}

namespace reference {

/// Players who hear each other, and see those near. A JobQueue: its methods run one after the
/// other, without a lock, on whichever shard has time. Call them by Push only:
/// room->Push(&Room::Chat, packet). A player is where its session last said.
class Room final : public servercore::JobQueue {
 public:
  static constexpr std::chrono::seconds kKeepEvery{30};

  Room(std::uint64_t id, servercore::ShardGroup& shards);

  std::uint64_t id() const { return id_; }  ///< any thread

  void Enter(const PlayerRef& player, const Position& at);
  void Leave(const PlayerRef& player, const Position& from);
  /// `packet` goes to those near either place, the mover too.
  void Move(const PlayerRef& player, const Position& from, const Position& to,
            const servercore::SendBuffer& packet);
  /// To everyone who is in the room, the speaker too.
  void Chat(const servercore::SendBuffer& packet);
  /// Has the accounts keep where their players are, every kKeepEvery. By room and not by session,
  /// so that what is saved together is committed together.
  void KeepPositions();

 private:
  const std::uint64_t id_;
  servercore::ShardGroup& shards_;
  Audience everyone_;
  CellGrid grid_;
};
using RoomRef = std::shared_ptr<Room>;

}  // namespace reference
