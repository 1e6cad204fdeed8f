#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/engine/LoadCommand.h"

namespace stressbot {

/// Carries out what events ask of the server's process: ends it, lets it stand still, starts it
/// again and waits until it listens. Never waits itself. Thread: the main one.
class ServerOrders {
 public:
  using Clock = std::chrono::steady_clock;

  /// Both outlive it.
  ServerOrders(ServerSupervisor& server, const Program& program)
      : server_(server), program_(program) {}

  /// The latest order counts: one that is restarting can be killed.
  void Take(const ServerOrder& order);

  /// What has happened since the last call.
  struct News {
    std::vector<std::string> said;
    std::vector<MoveServer> moves;  ///< it listens elsewhere now
    std::string complaint;          ///< it did not come back; told once
  };
  News Advance();

  /// False while it is down or still because an event wanted it: what fails then is no surprise.
  bool IsServing() const { return phase_ == Phase::kServing; }

 private:
  enum class Phase : std::uint8_t {
    kServing,
    kPaused,
    kEnding,    ///< asked to end, or killed
    kDown,      ///< until its time comes
    kStarting,  ///< does not listen yet
    kLost       ///< did not come back
  };
  void End(bool kill, std::optional<Nanoseconds> down_for);
  void AdvanceEnding(News& news);
  void StartAgain(News& news);
  void AdvanceStarting(News& news);
  void Lose(std::string why, News& news);

  ServerSupervisor& server_;
  const Program& program_;
  Phase phase_ = Phase::kServing;
  Clock::time_point asked_at_{};                        ///< to end, or to start
  Clock::time_point until_ = Clock::time_point::max();  ///< of kPaused and kDown
  std::optional<Nanoseconds> down_for_;                 ///< unset: until another order
  bool killed_ = false;
};

}  // namespace stressbot
