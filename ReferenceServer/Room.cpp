#include "ReferenceServer/Room.h"

#include <algorithm>

#include "ServerCore/thread/ShardGroup.h"

namespace reference {

using servercore::SessionId;

Room::Room(std::uint64_t id, servercore::ShardGroup& shards)
    : JobQueue(shards.global_queue()),
      id_(id),
      shards_(shards),
      members_(shards.size(), std::make_shared<const std::vector<SessionId>>()) {}

void Room::Enter(const PlayerRef& player) {
  servercore::SessionList& members = members_[player->session.shard()->index()];
  auto more = std::make_shared<std::vector<SessionId>>();
  more->reserve(members->size() + 1);
  *more = *members;
  more->push_back(player->session.id());
  members = std::move(more);
}

void Room::Leave(const PlayerRef& player) {
  servercore::SessionList& members = members_[player->session.shard()->index()];
  auto fewer = std::make_shared<std::vector<SessionId>>(*members);
  std::erase(*fewer, player->session.id());
  members = std::move(fewer);
}

void Room::Broadcast(const servercore::SendBuffer& packet) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i]->empty()) shards_.shard(i).PostBroadcast(members_[i], packet);
  }
}

}  // namespace reference
