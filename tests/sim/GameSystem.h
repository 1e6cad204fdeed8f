#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ReferenceServer/Game.h"
#include "ServerCore/sim/SimWorld.h"
#include "StressBot/engine/LoadRun.h"
#include "tests/sim/GameWire.h"
#include "tests/sim/Seed.h"

namespace simulation {

/// The reference server and StressBot's engine in one world, on one thread: the shipped scenario,
/// its bots, times and limits drawn from the seed, and with them what goes wrong.
class GameSystem {
 public:
  explicit GameSystem(std::uint64_t seed);

  /// Runs until bots and server have ended, and checks that everything adds up.
  SeedResult Run();

 private:
  /// What the seed decides, beside the network.
  struct Trouble {
    double reset_share = 0;  ///< of the connections, at a disturbance
    bool pauses = false;     ///< a host hears nothing and is not heard: the server's or some bots'
    bool stalls = false;     ///< shards of either side have no time
  };

  static servercore::SimOptions DrawNetwork(servercore::SimRandom& random);
  reference::ServerOptions DrawServer();
  stressbot::Program DrawProgram();
  void ChargeCpu(servercore::ShardGroup& group);
  void RunBots();
  void Disturb();
  void ResumeAll();
  void TakeMetrics();
  void Fault(std::string what) { faults_.push_back(std::move(what)); }
  void Expect(bool holds, const std::string& what);
  void ExpectEqual(std::uint64_t a, std::uint64_t b, const std::string& what);
  std::uint64_t Count(std::string_view metric, const stressbot::Tags& tags = {}) const;
  void CheckBots();
  void CheckServer(const reference::ServerTotals& server);
  void CheckBothCountTheSame(const reference::ServerTotals& server);
  void CheckNothingIsStuck(servercore::ShardGroup& group);
  void CheckTimersAreGone(servercore::ShardGroup& group);
  void TellWhatHappened(const reference::ServerTotals& server, SeedResult& to) const;

  servercore::SimRandom random_;
  servercore::SimWorld world_;
  servercore::ShardGroup& server_group_;
  servercore::ShardGroup& bot_group_;
  servercore::ShardGroup& database_group_;  ///< its shard stands for the database's thread
  Trouble trouble_;
  GameWire wire_;
  reference::AccountStore accounts_;
  reference::Game game_;
  servercore::NetAddress address_;
  stressbot::Program program_;
  stressbot::MetricsCatalog catalog_;
  stressbot::EngineMetrics metrics_;
  stressbot::RunMetrics totals_;
  stressbot::LoadRun run_;
  std::vector<servercore::NetAddress> paused_;
  bool both_ends_agree_ = false;  ///< on which connections ended in order
  std::vector<std::string> faults_;
};

}  // namespace simulation
