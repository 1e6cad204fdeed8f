#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/ArrivalSchedule.h"
#include "StressBot/engine/LoadCommand.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

class Bot;
class BotShard;
class GroupRun;

/// The arrivals of an open group that belong to one shard: gives each to a free bot at its exact
/// time and waits for nobody. Without a free bot the arrival is dropped and counted.
///
/// Arrival k belongs to the shard of the group's bot k mod m, where m is the number of shards that
/// have a bot of the group; so the same arrivals are the same shards', whatever the timing. The bot
/// that has been free for the longest takes it: an account rests as long as it can.
/// Thread: its shard only.
class ArrivalProcess final : private servercore::Timer {
 public:
  /// Takes the arrivals `first`, `first + stride`, ...
  ArrivalProcess(BotShard& shard, GroupRun& group, std::uint64_t first, std::uint64_t stride);
  ~ArrivalProcess() override;

  /// A bot of the group on this shard, before Start.
  void Add(Bot& bot);
  void Start();
  void Pause();  ///< the load's clock stands still; nobody arrives
  void Resume();
  void ChangeRate(const stressbot::ChangeRate& change);
  /// Nobody arrives any more, and nobody is missed: the run was stopped.
  void Stop();
  /// The bot has ended its iteration and may take another arrival.
  void Release(Bot& bot);
  /// The bot will never take one again. Without any bot all arrivals to come are lost, and counted
  /// at once.
  void OnBotFinished();

 private:
  void OnTimer(servercore::Clock::time_point now) override;
  servercore::Clock::time_point DueOf(std::uint64_t arrival);
  void Arm();
  void Drop(std::uint64_t arrivals);

  static constexpr std::uint64_t kOver = std::numeric_limits<std::uint64_t>::max();

  BotShard& shard_;
  GroupRun& group_;
  ArrivalSchedule schedule_;
  const std::uint64_t stride_;
  std::uint64_t next_;      ///< arrival; kOver: nobody arrives any more
  std::vector<Bot*> ring_;  ///< of free bots, in order of release: room for all
  std::size_t first_free_ = 0;
  std::size_t free_ = 0;
  std::size_t bots_left_ = 0;
};

}  // namespace stressbot
