#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/job/JobQueue.h"
#include "ServerCore/sim/SimWorld.h"
#include "tests/sim/EchoPacket.h"

namespace servercore::testing {

struct EchoRoomOptions {
  std::uint32_t reciter = 0;     ///< the sender of what the room itself tells
  Clock::duration tick{};        ///< while somebody is in it
  Clock::duration empty_kept{};  ///< then it closes, unless somebody comes
  bool has_time = false;         ///< no shard is ever busy: its timers are exact
};

/// Tells each packet to all who are in it, by shard, as a room of a game server does; ticks while
/// somebody is there, closes when nobody was for a while, and has many jobs at once now and then.
/// Knows exactly when each of its jobs must run, and tells when one does not.
class EchoRoom final : public JobQueue {
 public:
  struct Counts {
    std::uint64_t ticks = 0, closed = 0, taken_over = 0;
  };

  EchoRoom(SimWorld& world, ShardGroup& group, const PacketFraming& framing,
           const EchoRoomOptions& options, std::function<void(std::string)> fault);

  // Jobs.
  void Enter(SessionRef who);
  void Leave(SessionRef who);
  void Tell(std::uint32_t sender, std::uint32_t number);

  // From outside of its jobs.
  /// So many jobs at once. The first ones tell something.
  void PushMany(std::size_t jobs);
  /// The world is about to close: timers end without having run.
  void ExpectNoMoreTimers() { timers_end_ = true; }
  void CheckNothingIsLeft() const;
  const Counts& counts() const { return counts_; }

 private:
  bool empty() const;
  void Change(SessionRef who, bool enters);
  void RunOneOfMany(std::uint64_t serial, std::size_t place);
  void Recite();
  void Tick();
  void CheckTicks() const;
  void CloseEmpty();

  SimWorld& world_;
  ShardGroup& group_;
  const PacketFraming& framing_;
  const EchoRoomOptions options_;
  const std::function<void(std::string)> fault_;
  std::vector<SessionList> members_;  ///< by shard
  std::uint32_t recited_ = 0;
  std::uint64_t pushed_ = 0, ran_ = 0;  ///< by PushMany
  const Shard* ran_on_ = nullptr;
  JobTimer ticks_, closes_;
  Clock::time_point opened_at_{};
  std::int64_t ticked_ = 0;  ///< since then
  std::optional<Clock::time_point> closes_at_;
  bool timers_end_ = false;
  Counts counts_;
};

}  // namespace servercore::testing
