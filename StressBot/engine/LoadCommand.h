#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <variant>

#include "ServerCore/net/NetAddress.h"
#include "StressBot/engine/Event.h"

namespace stressbot {

/// The nth time that something happens, from 0. It tells one happening from all others, on all
/// shards.
struct Firing {
  static constexpr std::uint32_t kByHand = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t event = kByHand;  ///< in Program::events; kByHand: somebody asked for it
  std::uint32_t number = 0;
  friend auto operator<=>(const Firing&, const Firing&) = default;
};

/// Drops a share of the bots. The same firing takes the same bots, on whatever shards they live;
/// each shard reports to the EventBoard how many of its own were touched.
struct DropBots {
  DropOrder order;
  Firing firing;
};

/// From now on bots connect to another address: a server came back on another port.
struct MoveServer {
  std::uint8_t server = 0;  ///< in Program::servers
  servercore::NetAddress address;
};

/// The load stands still, or goes on, from a moment of the run on: the same for all shards, so that
/// their clocks agree (LoadClock). Without effect when the load is over.
struct PauseLoad {
  Nanoseconds at{};
};
struct ResumeLoad {
  Nanoseconds at{};
};

/// A closed group has so many bots at `at + over`, and from then until its end; between, the number
/// changes linearly. Its stages count no longer. REQUIRES at most
/// Group::BotsPossible().
struct ChangeBots {
  std::uint16_t group = 0;  ///< in Program::groups
  std::uint32_t bots = 0;
  Nanoseconds at{};  ///< by the clock of the load
  Nanoseconds over{};
};

/// The same for the rate of an open group, in arrivals a second.
struct ChangeRate {
  std::uint16_t group = 0;
  double rate = 0;
  Nanoseconds at{};
  Nanoseconds over{};
};

/// What may be asked of all bots while a run goes on. It reaches them through the inboxes of their
/// shards (CommandPost).
using LoadCommand =
    std::variant<DropBots, MoveServer, PauseLoad, ResumeLoad, ChangeBots, ChangeRate>;

}  // namespace stressbot
