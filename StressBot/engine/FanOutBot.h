#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ServerCore/io/CompletionPort.h"
#include "StressBot/engine/Audience.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

class FanOutShard;

/// What one bot remembers of fan-out: the audiences that it is in, how much it heard in each of the
/// last seconds, and what it sent and the server may not have. Only bots that join or send to an
/// audience have one. Thread: its shard only.
class FanOutBot {
 public:
  using TimePoint = servercore::Clock::time_point;

  /// `bot` is its slot within the run; `metrics` has none when its flow joins nothing.
  FanOutBot(FanOutShard& shard, std::span<const FanOutMetrics> metrics, std::uint32_t bot);
  FanOutBot(const FanOutBot&) = delete;
  FanOutBot& operator=(const FanOutBot&) = delete;

  // As a member.
  void Join(std::uint8_t server, std::string_view audience);
  void Leave(std::uint8_t server, std::string_view audience);
  void LeaveServer(std::uint8_t server);
  void LeaveAll();
  bool IsMember() const { return !audiences_.empty(); }
  /// True when it is a packet of an audience that the bot may be in.
  bool Hear(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload);
  /// Everybody's sends of that second are known: what it heard is compared with them.
  void Judge(Second second);

  // As a sender. `order` tells requests apart; 0 is a send, which nobody answers.
  void Sent(std::uint8_t server, std::string_view audience, std::uint8_t fanout,
            std::uint32_t order);
  void Answered(std::uint32_t order);  ///< or timed out: the server had it
  void Doubt(std::uint32_t order);     ///< nobody knows whether it had it, or it was refused
  /// The connection ended. Sends that it may not have carried are in doubt, unless all were
  /// `delivered` to the server's system.
  void SendsEnded(std::uint8_t server, bool delivered);

 private:
  struct Heard {
    Second second = -1;
    std::uint32_t heard = 0;  ///< in time
    std::uint32_t own = 0;    ///< sent by itself to its audiences
  };
  struct Unanswered {
    Audience* audience = nullptr;
    Second second = 0;
    std::uint32_t order = 0;
    std::uint8_t fanout = 0;
  };

  template <typename IsMeant>
  void LeaveIf(const IsMeant& is_meant);
  Heard& HeardIn(std::size_t fanout, Second second);
  static bool Take(Heard& heard, Second second);
  void HearStamped(std::size_t fanout, std::uint32_t sent_us, std::uint32_t late_us);
  void JudgeFanOut(std::size_t fanout, Second second, bool is_settled);
  void CountApart(std::size_t fanout, std::uint32_t heard);
  void ReportMissing(std::size_t fanout, Second second, std::uint32_t missing,
                     std::uint32_t expected, const Audience& audience);
  void ForgetOld();
  bool IsRemembered(Second second) const;
  void MarkUncertain(const Unanswered& entry) const;

  FanOutShard& shard_;
  const std::span<const FanOutMetrics> metrics_;  ///< by fan-out
  const std::uint32_t bot_;
  TimePoint member_since_{};  ///< of just these audiences
  std::vector<Audience*> audiences_;
  std::vector<Heard> heard_;  ///< by fan-out and second
  std::vector<Unanswered> unanswered_;
};

}  // namespace stressbot
