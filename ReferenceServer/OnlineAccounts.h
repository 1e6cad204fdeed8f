#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace reference {

/// The names that are logged in, or about to be. The first holds a name until its session ends; a
/// second one is refused, so that two sessions never save over each other. Thread: any; the lock
/// is held for a few instructions when somebody comes or goes.
class OnlineAccounts {
 public:
  /// False: the name is online already.
  bool Add(std::string_view name) {
    const std::lock_guard lock(mutex_);
    return names_.emplace(name).second;
  }
  /// The caller has pushed its last save, so that whoever gets the name loads what was saved.
  void Remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    names_.erase(name);
  }

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> names_;
};

}  // namespace reference
