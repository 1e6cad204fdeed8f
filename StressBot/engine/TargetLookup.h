#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ServerCore/Result.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/net/NetAddress.h"
#include "StressBot/engine/TargetAddress.h"

namespace servercore {
class Shard;
}

namespace stressbot {

class Bot;
class NameResolver;

/// Where bots may be sent by what a server told them.
struct TargetRules {
  std::vector<TargetMapping> mappings;
  bool allow_public = false;  ///< addresses that are neither loopback nor private
};

/// What became of a target: an address, or why there is none.
struct TargetAnswer {
  std::optional<servercore::NetAddress> address;
  std::string why_not;
};

/// Turns the targets that servers hand out into addresses that may be connected to, for the bots of
/// one shard. Names are remembered for a while and looked up by a NameResolver, so that the shard
/// never waits. Whatever a server sends costs bounded memory. Thread: its shard only.
class TargetLookup {
 public:
  static constexpr std::size_t kNamesMax = 1'024;
  static constexpr std::chrono::seconds kKnownFor{60};
  static constexpr std::chrono::seconds kUnknownFor{5};  ///< a name that was not found

  /// `rules` and `names` outlive this, and no answer comes after it. `names` may be null: then no
  /// name is known.
  TargetLookup(servercore::Shard& shard, const TargetRules& rules, NameResolver* names)
      : shard_(shard), rules_(rules), names_(names) {}

  /// The answer if it is known at once; otherwise Bot::OnTarget brings it, unless Forget or another
  /// Find for the same server comes first.
  std::optional<TargetAnswer> Find(Bot& bot, std::uint8_t server, std::string_view target);
  /// The bot does not wait any more. Harmless when it does not.
  void Forget(const Bot& bot, std::uint8_t server);

 private:
  using TimePoint = servercore::Clock::time_point;
  using Key = std::uint64_t;  ///< of a bot and a server

  struct Asker {
    Key key = 0;
    std::uint64_t ticket = 0;
    std::uint16_t port = 0;
  };
  struct Name {
    bool pending = true;
    std::vector<Asker> askers;  ///< while pending
    std::optional<servercore::NetAddress> address;
    std::string why_not;
    TimePoint forget_at{};
  };
  struct Waiting {
    Bot* bot = nullptr;
    std::uint64_t ticket = 0;  ///< whose answer it waits for
  };

  static Key KeyOf(const Bot& bot, std::uint8_t server);
  std::optional<TargetAnswer> FindName(const HostPort& target, Key key, Bot& bot);
  bool MakeRoom();
  void OnAnswer(const std::string& host, const servercore::Result<servercore::NetAddress>& found);
  TargetAnswer Judge(const Name& name, std::uint16_t port) const;
  TargetAnswer Judge(const servercore::NetAddress& address) const;

  servercore::Shard& shard_;
  const TargetRules& rules_;
  NameResolver* const names_;
  std::unordered_map<std::string, Name> known_;
  std::unordered_map<Key, Waiting> waiting_;
  std::uint64_t tickets_ = 0;
};

}  // namespace stressbot
