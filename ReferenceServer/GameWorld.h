#pragma once
#include <cstddef>

#include "ReferenceServer/OnlineAccounts.h"
#include "ReferenceServer/RoomDirectory.h"
#include "ReferenceServer/accounts/AccountStore.h"

namespace reference {

inline constexpr std::size_t kNameBytesMax = 64;       ///< of C_LOGIN.name, UTF-8
inline constexpr std::size_t kMessageBytesMax = 4096;  ///< of C_CHAT.msg, UTF-8

/// What all sessions play in. Thread: any.
class GameWorld {
 public:
  GameWorld(servercore::ShardGroup& shards, std::size_t room_size, AccountStore& accounts)
      : rooms_(shards, room_size), accounts_(accounts) {}

  RoomDirectory& rooms() { return rooms_; }
  const RoomDirectory& rooms() const { return rooms_; }
  AccountStore& accounts() { return accounts_; }
  const AccountStore& accounts() const { return accounts_; }
  OnlineAccounts& online() { return online_; }

 private:
  RoomDirectory rooms_;
  AccountStore& accounts_;
  OnlineAccounts online_;
};

}  // namespace reference
