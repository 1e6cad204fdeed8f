#pragma once
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

  /// Sends S_PING three times in each `timeout` from now on. REQUIRES timeout > 0.
  void Begin(std::chrono::milliseconds timeout);
  void End();
  /// False: no S_PING asked for it, or it was answered already.
  bool Answer(std::uint64_t time);

 private:
  void OnTimer(servercore::Clock::time_point now) override;

  GameSession& session_;
  std::chrono::milliseconds timeout_{0};
  servercore::Clock::time_point answered_at_{};
  std::uint64_t asked_ = 0;     ///< the time in the last S_PING
  std::uint64_t answered_ = 0;  ///< the latest one that came back
};

}  // namespace reference
