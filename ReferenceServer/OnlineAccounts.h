#pragma once
#include <string>
#include <string_view>
#include <unordered_set>

#include "ServerCore/thread/Lock.h"

namespace reference {

/// The names that are logged in, or about to be. The first holds a name until its session ends; a
/// second one is refused, so that two sessions never save over each other. Thread: any; the lock
/// is held for a few instructions when somebody comes or goes.
class OnlineAccounts {
 public:
  /// False: the name is online already.
  bool Add(std::string_view name) {
    const std::lock_guard locked(lock_);
    return names_.emplace(name).second;
  }
  /// The caller has pushed its last save, so that whoever gets the name loads what was saved.
  void Remove(const std::string& name) {
    const std::lock_guard locked(lock_);
    names_.erase(name);
  }

 private:
  servercore::Lock lock_{"online accounts"};
  std::unordered_set<std::string> names_;
};

}  // namespace reference
