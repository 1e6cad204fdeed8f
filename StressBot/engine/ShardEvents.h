#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/CommandPost.h"
#include "StressBot/engine/EventBoard.h"

namespace stressbot {

/// The events of a run as one shard takes part in them: its own timer for those of a time, so that
/// they come to the nanosecond on every shard; a look at packets for those that await one.
/// Thread: its shard only.
class ShardEvents final : private servercore::Timer {
 public:
  /// All outlive it.
  ShardEvents(BotShard& bots, const Program& program, EventBoard& board, const CommandPost& post,
              std::size_t shard);
  ~ShardEvents() override;

  void Start();
  void Pause();  ///< the load's clock stands still, and the events of a time with it
  void Resume();
  void Stop();  ///< the load is over

  bool awaits_packets() const { return awaits_packets_; }
  /// After its bot has taken it. May drop bots, that one too.
  void OnPacket(std::uint8_t server, PacketIndex packet, std::uint32_t bot);

 private:
  /// An event of a time and its next firing.
  struct Timed {
    std::uint32_t event = 0;
    std::uint32_t fired = 0;
    Nanoseconds due{};  ///< by the clock of the load
    bool over = false;
  };
  void OnTimer(servercore::Clock::time_point now) override;
  void Advance(Timed& timed);
  void Rearm();
  void Excuse(const Event& event, Nanoseconds at);
  /// Does this shard's part.
  void Fire(const Event& event, const Occurrence& occurrence);

  BotShard& bots_;
  const Program& program_;
  EventBoard& board_;
  const CommandPost& post_;
  const std::size_t shard_;
  std::vector<Timed> timed_;
  std::array<std::vector<bool>, kConnectionsMax> awaited_;  ///< by server and packet
  bool awaits_packets_ = false;
  bool running_ = false;
};

}  // namespace stressbot
