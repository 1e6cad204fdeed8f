#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>

#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Lock.h"

namespace reference {

/// Who plays under which name: one session at a time, so that two never save over each other. The
/// latest login wins, because a client whose connection broke comes back before the server knows
/// that it went. It waits until the session before it has given the name up.
/// Thread: any; the lock is held for a few instructions when somebody comes or goes.
class OnlineAccounts {
 public:
  struct Claimant {
    servercore::SessionRef session;
    std::uint32_t claim = 0;  ///< the session's count: it may come back for the same name
  };
  struct Claimed {
    bool granted = false;  ///< else when Release names the session
    Claimant taken_over;   ///< must be told that it lost the name; may be empty
  };
  Claimed Claim(const std::string& name, const Claimant& who);
  /// Also for a session that still waits, or lost the name. The caller has pushed its last save.
  /// Returns who has the name now and must be told; may be empty.
  servercore::SessionRef Release(const std::string& name, const servercore::SessionRef& who);

 private:
  struct Entry {
    Claimant holder;
    Claimant next;  ///< waits for the holder, who was told
  };

  servercore::Lock lock_{"online accounts"};
  std::unordered_map<std::string, Entry> names_;
};

}  // namespace reference
