#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "StressBot/engine/LoadCommand.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

/// Something that happened, after all shards took part in it.
struct Occurrence {
  Firing firing;
  Nanoseconds at{};                  ///< since the start of the run: when it was due or triggered
  std::uint64_t bots = 0;            ///< that it touched
  std::optional<std::uint32_t> bot;  ///< that saw the packet
};

/// What the shards of a run share of its events: whose a packet's firing is, until when endings are
/// excused, and what has happened so far. Thread: any; nothing here is on a packet's way, but for a
/// look whether its event is armed.
class EventBoard {
 public:
  EventBoard(const Program& program, std::size_t shards);

  /// Takes the next firing of an event that awaits a packet. Nothing when it is not armed: of
  /// several bots that see the packet, on whatever shards, one gets it. `at` is by the clock of the
  /// load.
  std::optional<Firing> Claim(std::size_t event, Nanoseconds at);

  /// Endings up to that moment are excused.
  void ExcuseUntil(Nanoseconds until);
  bool Excuses(Nanoseconds at) const { return at.count() < excused_until_.load(); }

  /// A shard has done its part. The first one to report tells when it was, and who triggered.
  void Report(const Occurrence& part, std::size_t shard);
  /// Something in which no other shard takes part.
  void ReportAlone(const Occurrence& whole);
  /// It reports no more: nobody waits for it.
  void FinishShard(std::size_t shard);

  /// What all shards have reported since the last call, in order of time.
  std::vector<Occurrence> Take();

 private:
  using Count = Nanoseconds::rep;
  static constexpr Count kNever = Nanoseconds::max().count();
  struct Arming {
    std::atomic<Count> armed_from{kNever};
    std::uint32_t fired = 0;  ///< with mutex_
  };
  struct Pending {
    Occurrence sum;
    std::vector<bool> reported;  ///< by shard
  };
  bool IsComplete(const Pending& pending) const;

  const Program& program_;
  std::vector<Arming> armings_;  ///< by event
  std::atomic<Count> excused_until_{0};
  std::mutex mutex_;
  std::map<Firing, Pending> pending_;
  std::vector<bool> finished_;
};

}  // namespace stressbot
