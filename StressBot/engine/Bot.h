#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Evaluator.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

class BotSession;
class BotShard;
class GroupRun;

/// One simulated client: a step machine that runs its group's flow, over and over, on one shard.
/// It has a position for each parallel branch, at most one pending request a position, and one
/// timer for all it waits for. No sockets: BotSession is its ear and mouth. Thread: its shard only.
class Bot final : private servercore::Timer, private StampWriter {
 public:
  using TimePoint = servercore::Clock::time_point;

  /// `id` is the bot's slot within the run, `number` within its group; both from 0.
  Bot(BotShard& shard, GroupRun& group, std::uint32_t id, std::uint32_t number);
  ~Bot() override;

  void Start();                                 ///< waits for its first beginning
  void Stop(TimePoint now, Nanoseconds grace);  ///< no further iteration or pass
  bool finished() const { return state_ == BotState::kDormant && next_edge_at_ == kNever; }
  std::size_t group_index() const;
  bool IsSilent(TimePoint now) const;  ///< an awaited reply has been missing for over 5 s

  // From its sessions.
  void OnConnected(std::uint8_t server);
  /// False when no step wanted it.
  bool OnPacket(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload);
  void OnSent(std::uint8_t server, TimePoint sent_at);
  void OnDisconnected(std::uint8_t server, const BotSession& session,
                      servercore::CloseReason reason, std::error_code error);
  void ReportInvalidPacket(std::uint8_t server, std::uint32_t packet_id);

 private:
  static constexpr TimePoint kNever = TimePoint::max();

  enum class Wait : std::uint8_t {
    kInactive,    ///< not running: before its branch begins, after it ended
    kReady,       ///< Run goes on here
    kThink,       ///< until wake_at
    kEvery,       ///< until the next pass of a repeat
    kConnect,     ///< for the connection; until wake_at
    kReply,       ///< for the reply of its pending request; until wake_at
    kExpect,      ///< for a packet; until wake_at
    kDisconnect,  ///< for the end of a connection
    kBranches     ///< for its parallel branches
  };
  struct Position {
    TimePoint due{};  ///< when the step it stands at should have begun
    TimePoint wake_at = kNever;
    std::uint16_t pc = 0;
    Wait wait = Wait::kInactive;
    std::uint8_t branches_left = 0;
  };
  /// A request without its reply. After a time-out it stays, so that the late reply is not taken
  /// for the next one's.
  struct Pending {
    TimePoint due{}, sent{}, deadline{};  ///< sent: epoch until the system took it
    std::uint16_t request = 0;
    std::uint8_t position = 0;
    bool sent_known = false;
    bool expired = false;
    std::vector<Value> keys;  ///< what the `where` compares with, in order
  };
  enum class Match : std::uint8_t { kNo, kYes, kMalformed };

  // Life (Bot.cpp)
  void OnTimer(TimePoint now) override;
  void WakeAt(TimePoint at);
  void Rearm();
  void SetState(BotState state);
  void TakeEdge(TimePoint now);
  void BeginIteration(TimePoint due);
  void EndIteration(Outcome outcome, servercore::CloseKind how);
  void AfterClosed();
  void Finish();
  void LeaveLoops(TimePoint now);
  void AppendStamp(std::string& out) override;
  EvaluationContext Context(Random& random) const;
  Random RandomAt(std::uint64_t place) const;

  // Steps (BotSteps.cpp)
  void Run(Position& position);
  void StepConnect(Position& position, const ConnectStep& step);
  void StepRequest(Position& position, std::uint16_t index);
  void StepSend(Position& position, const SendStep& step);
  void StepExpect(Position& position, const ExpectStep& step);
  void StepRepeat(Position& position, const RepeatStep& step);
  void StepRepeatEnd(Position& position, const RepeatStep& step);
  void BeginPass(Position& position, const RepeatStep& step);
  void OmitPasses(LoopFrame& loop, const RepeatStep& step, TimePoint now);
  void StepParallel(Position& position, const ParallelStep& step);
  void StepBranchEnd(Position& position);
  void StepDisconnect(Position& position, const DisconnectStep& step);
  void Assign(const Assignment& assignment, const EvaluationContext& context);
  bool SendOutgoing(const Outgoing& outgoing, const EvaluationContext& context);
  void ContinueAt(Position& position, std::uint16_t pc, TimePoint due);
  void OnDue(Position& position, TimePoint now);
  const Instruction& InstructionAt(const Position& position) const;

  // Packets and failures (BotPackets.cpp)
  bool MatchPending(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                    std::uint64_t rules);
  bool MatchExpect(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                   std::uint64_t rules);
  bool MatchListen(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                   std::uint64_t rules);
  void Complete(std::size_t pending_index, PacketIndex packet, std::span<const std::byte> payload,
                bool malformed);
  /// False when the flow must not go on at `position`.
  bool Examine(const Incoming& incoming, const StepMetrics& metrics, const std::string& step,
               std::optional<OnFail> on_fail, std::span<const std::byte> payload, bool& failed);
  bool Holds(const Condition& condition, std::span<const std::byte> payload,
             const EvaluationContext& context, bool& malformed) const;
  Match MatchesKeys(const RequestStep& step, const Pending& pending,
                    std::span<const std::byte> payload) const;
  void FillKeys(Pending& pending, const RequestStep& step, const EvaluationContext& context) const;
  void TimeOut(Position& position, TimePoint now);
  void AbandonPendings(Outcome outcome);
  void ComputeArmed();
  void OnLost(std::uint8_t server, Ending ending, std::error_code error);
  void OnConnectLost(std::uint8_t server, std::string_view reason);
  /// Does what `policy` says. True when the flow goes on at `position` (it was not moved).
  bool Fail(OnFail policy);
  void Report(std::string_view metric, const std::string& text);
  std::string StepNameOf(const Position& position) const;
  std::uint32_t StepNumberOf(std::uint8_t server) const;
  void CountEnding(std::uint8_t server, const BotSession& session, Ending ending);

  BotShard& shard_;
  GroupRun& group_;
  const std::uint32_t id_;
  const std::uint32_t number_;
  std::uint32_t iteration_ = 0;
  std::uint32_t epoch_ = 0;  ///< changes when an iteration ends: whoever runs steps must stop
  std::uint32_t stamps_ = 0;
  std::uint16_t edges_taken_ = 0;
  std::uint8_t failures_in_row_ = 0;
  BotState state_ = BotState::kDormant;
  bool wanted_ = false;      ///< its group wants it to run
  bool retired_ = false;     ///< stop-bot
  bool has_unsent_ = false;  ///< some pending request waits for its send time
  Outcome last_outcome_ = Outcome::kCompleted;
  TimePoint next_edge_at_ = kNever;
  TimePoint away_until_ = kNever;
  TimePoint cut_at_ = kNever;        ///< churn
  TimePoint interrupt_at_ = kNever;  ///< the graceful stop ends
  TimePoint iteration_began_{};
  TimePoint lost_at_ = kNever;  ///< for recovery_duration
  std::uint64_t armed_ = 0;
  std::uint64_t listening_ = 0;
  std::array<BotSession*, kConnectionsMax> connections_{};
  std::unique_ptr<Position[]> positions_;
  std::unique_ptr<LoopFrame[]> loops_;
  std::unique_ptr<Value[]> variables_;
  std::vector<Pending> pending_;
};

}  // namespace stressbot
