#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "Enum.pb.h"
#include "ReferenceServer/accounts/Account.h"
#include "ServerCore/net/Session.h"
#include "Struct.pb.h"

namespace reference {

/// A character of somebody who is logged in. Constant once made, so any thread may read it.
/// Names its session by a SessionRef: the session holds the player, and a pointer back would keep
/// both alive for ever.
struct Player {
  std::uint64_t id = 0;  ///< its Character's, or a GuestId
  std::string name;
  Protocol::PlayerType type = Protocol::PLAYER_TYPE_NONE;
  servercore::SessionRef session;
};
using PlayerRef = std::shared_ptr<const Player>;

inline void Write(const Player& player, Protocol::Player& to) {
  to.set_id(player.id);
  to.set_name(player.name);
  to.set_playertype(player.type);
}

inline void Write(const Player& player, const Position& at, Protocol::ObjectInfo& to) {
  to.set_objectid(player.id);
  to.set_x(at.x);
  to.set_y(at.y);
}

}  // namespace reference
