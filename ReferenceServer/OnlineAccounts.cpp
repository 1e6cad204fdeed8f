#include "ReferenceServer/OnlineAccounts.h"

#include <mutex>
#include <utility>

namespace reference {

using servercore::SessionRef;

OnlineAccounts::Claimed OnlineAccounts::Claim(const std::string& name, const Claimant& who) {
  const std::lock_guard locked(lock_);
  const auto [place, is_free] = names_.try_emplace(name, Entry{who, {}});
  if (is_free) return {true, {}};
  Entry& entry = place->second;
  const Claimant waited = std::exchange(entry.next, who);
  return {false, waited.session ? waited : entry.holder};
}

SessionRef OnlineAccounts::Release(const std::string& name, const SessionRef& who) {
  const std::lock_guard locked(lock_);
  const auto place = names_.find(name);
  if (place == names_.end()) return {};
  Entry& entry = place->second;
  if (entry.next.session == who) entry.next = {};
  if (entry.holder.session != who) return {};
  entry.holder = std::exchange(entry.next, {});
  if (entry.holder.session) return entry.holder.session;
  names_.erase(place);
  return {};
}

}  // namespace reference
