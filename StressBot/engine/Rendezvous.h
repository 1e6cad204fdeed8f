#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ServerCore/io/CompletionPort.h"

namespace stressbot {

class Bot;
class BotShard;

/// The meeting points of a program, kept by one shard for all: counts who has arrived and decides
/// when a meeting is complete. Each shard numbers its arrivals at each point, so that who leaves
/// while the news of a meeting is under way is never counted for the next one.
/// Thread: that shard only; others post to it.
class RendezvousDesk {
 public:
  /// `shards` are all of the run, `bots_needed` for each point how many meet there.
  RendezvousDesk(std::vector<BotShard*> shards, const std::vector<std::uint32_t>& bots_needed);

  void Arrive(std::size_t point, std::size_t shard, servercore::Clock::time_point now);
  /// `arrival` is its number among the shard's arrivals at that point.
  void Leave(std::size_t point, std::size_t shard, std::uint32_t arrival);

 private:
  struct Point {
    std::uint32_t needed = 1;
    std::uint32_t waiting = 0;
    std::vector<std::uint32_t> arrived;   ///< by shard, ever
    std::vector<std::uint32_t> released;  ///< by shard: of those, in meetings that were complete
  };
  void Release(std::size_t point, servercore::Clock::time_point at);

  const std::vector<BotShard*> shards_;
  std::vector<Point> points_;
};

/// The bots of one shard that wait at one point, in the order of their arrivals.
/// Thread: that shard only.
class WaitingBots {
 public:
  struct Waiting {
    std::uint32_t arrival = 0;
    std::uint8_t position = 0;  ///< the bot's parallel branch
    Bot* bot = nullptr;         ///< null: it left
  };

  std::uint32_t Add(Bot& bot, std::uint8_t position);  ///< returns the arrival's number
  void Remove(std::uint32_t arrival);                  ///< REQUIRES that it waits
  /// Takes those out that arrived before `upto`.
  std::vector<Waiting> Take(std::uint32_t upto);

 private:
  std::vector<Waiting> list_;
  std::size_t left_ = 0;  ///< entries without a bot
  std::uint32_t arrivals_ = 0;
};

}  // namespace stressbot
