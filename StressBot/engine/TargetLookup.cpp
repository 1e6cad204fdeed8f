#include "StressBot/engine/TargetLookup.h"

#include <utility>

#include "ServerCore/thread/Shard.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/NameResolver.h"

namespace stressbot {

using servercore::NetAddress;
using servercore::Result;

namespace {

/// The text of a stranger, short enough for a message.
std::string Shown(std::string_view target) {
  constexpr std::size_t kCharsMax = 60;
  if (target.size() <= kCharsMax) return "\"" + std::string(target) + "\"";
  return "\"" + std::string(target.substr(0, kCharsMax)) + "...\" (" +
         std::to_string(target.size()) + " bytes)";
}

}  // namespace

TargetLookup::Key TargetLookup::KeyOf(const Bot& bot, std::uint8_t server) {
  return Key{bot.id()} * kConnectionsMax + server;
}

std::optional<TargetAnswer> TargetLookup::Find(Bot& bot, std::uint8_t server,
                                               std::string_view target) {
  const std::optional<HostPort> written = ParseHostPort(target);
  if (!written) return TargetAnswer{{}, "the target " + Shown(target) + " is no HOST:PORT"};
  const HostPort place = Mapped(*written, rules_.mappings);
  const bool is_ipv6 = place.host.find(':') != std::string::npos;
  const Result<NetAddress> digits = NetAddress::Parse(
      (is_ipv6 ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port));
  if (digits) return Judge(*digits);
  return FindName(place, KeyOf(bot, server), bot);
}

std::optional<TargetAnswer> TargetLookup::FindName(const HostPort& target, Key key, Bot& bot) {
  auto known = known_.find(target.host);
  if (known != known_.end() && !known->second.pending) {
    if (known->second.forget_at > shard_.now()) return Judge(known->second, target.port);
    known_.erase(known);
    known = known_.end();
  }
  if (known == known_.end()) {
    if (names_ == nullptr || !MakeRoom())
      return TargetAnswer{{}, "too many names to look up, " + Shown(target.host) + " among them"};
    known = known_.try_emplace(target.host).first;
    names_->Resolve(target.host, [this, host = target.host](Result<NetAddress> found) {
      shard_.Post([this, host, found = std::move(found)] { OnAnswer(host, found); });
    });
  }
  waiting_[key] = {&bot, ++tickets_};
  known->second.askers.push_back({key, tickets_, target.port});
  return std::nullopt;
}

/// A server may hand out as many names as it likes: what is known is forgotten then.
bool TargetLookup::MakeRoom() {
  if (known_.size() < kNamesMax) return true;
  std::erase_if(known_, [](const auto& entry) { return !entry.second.pending; });
  return known_.size() < kNamesMax;
}

void TargetLookup::OnAnswer(const std::string& host, const Result<NetAddress>& found) {
  Name& name = known_[host];
  name.pending = false;
  name.forget_at = shard_.now() + (found ? kKnownFor : kUnknownFor);
  if (found) {
    name.address = *found;
  } else {
    name.why_not = "the name " + Shown(host) + " is not known: " + found.error().message();
  }
  const std::vector<Asker> askers = std::exchange(name.askers, {});
  std::vector<std::pair<Asker, TargetAnswer>> answers;  // first: a bot may ask again meanwhile
  for (const Asker& asker : askers) answers.emplace_back(asker, Judge(name, asker.port));
  for (const auto& [asker, answer] : answers) {
    const auto waiting = waiting_.find(asker.key);
    if (waiting == waiting_.end() || waiting->second.ticket != asker.ticket) continue;
    Bot& bot = *waiting->second.bot;
    waiting_.erase(waiting);
    bot.OnTarget(static_cast<std::uint8_t>(asker.key % kConnectionsMax), answer);
  }
}

TargetAnswer TargetLookup::Judge(const Name& name, std::uint16_t port) const {
  if (!name.address) return {{}, name.why_not};
  return Judge(name.address->WithPort(port));
}

TargetAnswer TargetLookup::Judge(const NetAddress& address) const {
  if (rules_.allow_public || address.IsLoopback() || address.IsPrivate()) return {address, {}};
  return {{},
          "the target " + address.ToString() +
              " is public: --allow-public-target if it is yours, or --map-target"};
}

void TargetLookup::Forget(const Bot& bot, std::uint8_t server) {
  waiting_.erase(KeyOf(bot, server));
}

}  // namespace stressbot
