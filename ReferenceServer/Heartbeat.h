#pragma once
#include <array>
#include <chrono>
#include <cstdint>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/thread/Timer.h"

namespace reference {

class GameSession;

/// Asks a client now and then whether it is still there, and drops one that does not answer: a
/// plugged cable ends no connection. Belongs to a session. Thread: its shard only.
class Heartbeat final : public servercore::Timer {
 public:
  explicit Heartbeat(GameSession& session) : session_(session) {}

  /// Sends S_PING three times in each `timeout` from now on, save while this server holds its
  /// reads. REQUIRES timeout > 0.
  void Begin(std::chrono::milliseconds timeout);
  void End();
  /// False: none of the last S_PINGs asked for it, or it was answered already. Only a client that
  /// reads them knows their times.
  bool Answer(std::uint64_t time);

 private:
  void OnTimer(servercore::Clock::time_point now) override;

  GameSession& session_;
  std::chrono::milliseconds timeout_{0};
  servercore::Clock::time_point answered_at_{};
  std::array<std::uint64_t, 3> asked_{};  ///< in the last S_PINGs, the oldest first; 0: answered
};

}  // namespace reference
