#pragma once
#include <cstdint>
#include <vector>

#include "ReferenceServer/Player.h"
#include "ServerCore/job/JobQueue.h"
#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {
class ShardGroup;
}

namespace reference {

/// Players who hear each other. A JobQueue: its methods run one after the other, without a lock, on
/// whichever shard has time. Call them by Push only: room->Push(&Room::Enter, player).
class Room final : public servercore::JobQueue {
 public:
  Room(std::uint64_t id, servercore::ShardGroup& shards);

  std::uint64_t id() const { return id_; }  ///< any thread

  void Enter(const PlayerRef& player);
  void Leave(const PlayerRef& player);
  /// To everyone who is in the room, the speaker too.
  void Broadcast(const servercore::SendBuffer& packet);

 private:
  const std::uint64_t id_;
  servercore::ShardGroup& shards_;
  /// By shard. A list is never changed but replaced, since broadcasts that are on their way to a
  /// shard share it: joining costs a copy, speaking costs one message a shard.
  std::vector<servercore::SessionList> members_;
};
using RoomRef = std::shared_ptr<Room>;

}  // namespace reference
