#include "ReferenceServer/Room.h"

#include "ReferenceServer/GameSession.h"
#include "ServerCore/thread/ShardGroup.h"

namespace reference {

Room::Room(std::uint64_t id, servercore::ShardGroup& shards)
    : JobQueue(shards.global_queue()),
      id_(id),
      shards_(shards),
      everyone_(shards.size()),
      grid_(shards.size()) {}

void Room::Enter(const PlayerRef& player, const Position& at) {
  everyone_.Add(player->session);
  grid_.Add(player->session, at);
}

void Room::Leave(const PlayerRef& player, const Position& from) {
  everyone_.Remove(player->session);
  grid_.Remove(player->session, from);
}

void Room::Move(const PlayerRef& player, const Position& from, const Position& to,
                const servercore::SendBuffer& packet) {
  grid_.Move(player->session, from, to);
  grid_.Broadcast(from, to, shards_, packet);
}

void Room::Chat(const servercore::SendBuffer& packet) { everyone_.Broadcast(shards_, packet); }

void Room::KeepPositions() {
  everyone_.Visit(shards_, [](servercore::Session& session) {
    static_cast<GameSession&>(session).KeepPosition();
  });
}

}  // namespace reference
