#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ServerCore/io/backends/SimNetwork.h"
#include "ServerCore/thread/ShardGroup.h"

namespace servercore {

class SimPort;

/// What a shard's work costs in simulated time. While it pays, it has no turn and the world goes on
/// without it: a saturated program, exactly. What a turn sends leaves at the turn's beginning.
struct SimCpu {
  Clock::duration per_turn{};
  Clock::duration per_event{};  ///< a message, completion or timer
};

/// Owns clock, network and the shards of all simulated processes, and runs them on one thread:
/// picks a shard that has something to do by the seed, calls its turn, and jumps time when none
/// has. Nothing in it sleeps or reads a clock: same seed, same run. It asserts that no shard with
/// work is left asleep. Sessions and services of its processes are closed by Close, then destroyed
/// before the world. Thread: one.
class SimWorld {
 public:
  explicit SimWorld(SimOptions network = {});
  SimWorld(const SimWorld&) = delete;
  SimWorld& operator=(const SimWorld&) = delete;
  ~SimWorld();  ///< closes if that was not done

  /// A process with so many shards. It lives as long as the world; do not start its threads.
  ShardGroup& AddProcess(std::size_t shards);

  SimNetwork& network() { return network_; }
  Clock::time_point Now() const { return network_.Now(); }
  /// Grows with every turn and every delivery: equal for equal runs.
  std::uint64_t trace_hash() const { return trace_hash_ ^ network_.trace_hash(); }

  void RunFor(Clock::duration duration);
  /// Runs until `done` holds, looking after each turn. False when it does not within `at_most`.
  bool RunUntil(const std::function<bool()>& done, Clock::duration at_most);

  void SetCpu(Shard& shard, SimCpu cpu);
  /// Keeps the shard busy for so much longer, from inside its turn for example.
  void Spend(Shard& shard, Clock::duration cpu);

  /// Ends all processes as Shutdown would: cancels job timers, closes every session in order,
  /// resets those that are not gone after `deadline`, and asserts that all counts are zero.
  /// Listeners must be stopped before.
  void Close(Clock::duration deadline = std::chrono::seconds(10));

 private:
  struct Runner {
    Shard* shard = nullptr;
    SimPort* port = nullptr;
    SimCpu cpu;
    bool sleeps = false;  ///< between the halves of its turn, until woken or `wake_at`
    Clock::time_point wake_at = Clock::time_point::min();
    Clock::time_point busy_until = Clock::time_point::min();
  };

  Runner& RunnerOf(Shard& shard);
  /// When it would take a turn if it were not busy.
  Clock::time_point AwakeAt(const Runner& runner) const;
  Clock::time_point WantsTurnAt(const Runner& runner) const;
  Clock::time_point NextTime() const;
  /// One turn, or one jump in time. False when nothing happens before `until`.
  bool Step(Clock::time_point until);
  void TakeTurn(Runner& runner);
  void CheckNobodyOversleeps() const;
  bool SomebodyIsAwake(const GlobalQueue& of_group) const;
  bool IsIdle() const;

  SimNetwork network_;
  SimRandom random_;
  std::vector<std::unique_ptr<ShardGroup>> processes_;
  std::vector<Runner> runners_;
  std::vector<Runner*> ready_;
  std::uint64_t trace_hash_ = 0;
  std::uint64_t turns_at_once_ = 0;  ///< without time moving
};

}  // namespace servercore
