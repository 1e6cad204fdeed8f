#pragma once
#include <cstddef>
#include <vector>

#include "StressBot/engine/LoadCommand.h"

namespace servercore {
class Shard;
}

namespace stressbot {

class BotShard;

/// Leaves commands in the inboxes of a run's shards: the one way in for whoever steers a run.
/// Thread: any, once all shards are there.
class CommandPost {
 public:
  /// Before the run starts, in the order of the shards. Both outlive the last command.
  void Add(servercore::Shard& shard, BotShard& bots) { to_.push_back({&shard, &bots}); }

  void ToAll(const LoadCommand& command) const;
  /// For a shard that has carried it out itself.
  void ToOthers(std::size_t from, const LoadCommand& command) const;

 private:
  struct Receiver {
    servercore::Shard* shard;
    BotShard* bots;
  };
  void To(const Receiver& receiver, const LoadCommand& command) const;

  std::vector<Receiver> to_;
};

}  // namespace stressbot
