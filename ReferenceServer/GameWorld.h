#pragma once
#include <chrono>
#include <cstddef>

#include "ReferenceServer/OnlineAccounts.h"
#include "ReferenceServer/RoomDirectory.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/accounts/AccountStore.h"
#include "ReferenceServer/defects/Defects.h"

namespace reference {

inline constexpr std::size_t kNameBytesMax = 64;       ///< of C_LOGIN.name, UTF-8
inline constexpr std::size_t kMessageBytesMax = 4096;  ///< of C_CHAT.msg, UTF-8

/// What all sessions play in. Thread: any.
class GameWorld {
 public:
  /// `accounts` lives longer. `handler` handles any packet (defects::HandlerTable).
  GameWorld(servercore::ShardGroup& shards, AccountStore& accounts, const ServerOptions& options,
            defects::HandlerTable::Handler handler)
      : rooms_(shards, options.room_size),
        accounts_(accounts),
        heartbeat_timeout_(options.heartbeat_timeout),
        defects_(options.defect, handler) {}

  RoomDirectory& rooms() { return rooms_; }
  const RoomDirectory& rooms() const { return rooms_; }
  AccountStore& accounts() { return accounts_; }
  const AccountStore& accounts() const { return accounts_; }
  OnlineAccounts& online() { return online_; }
  std::chrono::milliseconds heartbeat_timeout() const { return heartbeat_timeout_; }  ///< 0: none
  Defects& defects() { return defects_; }
  const Defects& defects() const { return defects_; }

 private:
  RoomDirectory rooms_;
  AccountStore& accounts_;
  OnlineAccounts online_;
  const std::chrono::milliseconds heartbeat_timeout_;
  Defects defects_;
};

}  // namespace reference
