#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Evaluator.h"
#include "StressBot/engine/Program.h"
#include "StressBot/engine/TraceRecord.h"

namespace stressbot {

class BotSession;
class BotShard;
class FanOutBot;
class GroupRun;
struct TargetAnswer;

/// One simulated client: a step machine that runs its group's flow, over and over, on one shard.
/// It has a position for each parallel branch, at most one open request a position, and one timer
/// for all it waits for. No sockets: BotSession is its ear and mouth. Thread: its shard only.
class Bot final : private servercore::Timer {
 public:
  using TimePoint = servercore::Clock::time_point;

  /// `id` is the bot's slot within the run, `number` within its group; both from 0.
  Bot(BotShard& shard, GroupRun& group, std::uint32_t id, std::uint32_t number);
  ~Bot() override;

  void Start();  ///< waits for its first beginning
  /// Begins the iteration of an arrival. REQUIRES an open group, and that the bot is free.
  void Arrive(std::uint32_t arrival, TimePoint due);
  void Stop(TimePoint now, Nanoseconds grace);  ///< no further iteration or pass
  /// An event cuts its iteration; it comes back after `away`, drawn by the seed. False when it was
  /// in none.
  bool Drop(const DropOrder& order);
  /// Takes the beginnings and ends of its group's schedule up to that time.
  void TakeEdges(TimePoint until);
  /// The schedule was changed: its edges are counted anew. `runs`: whether it runs by it now.
  void FollowSchedule(bool runs);
  /// The load stood still from `paused_at` on for so long. What the bot waits for of its own accord
  /// comes so much later, and what became due meanwhile is due when that is over. It goes on with
  /// GoOn.
  void MoveOn(TimePoint paused_at, Nanoseconds paused);
  bool finished() const { return state_ == BotState::kDormant && next_edge_at_ == kNever; }
  std::size_t group_index() const;
  std::uint32_t id() const { return id_; }
  std::uint32_t number() const { return number_; }  ///< within its group
  /// An awaited reply has been missing for over 5 s, and nothing else was answered since.
  /// Gives the request that waits for it, by its index in the flow.
  std::optional<std::uint16_t> SilentStep(TimePoint now) const;
  /// The step in which it waits: its place in GroupMetrics::bots_in_step, 0 when it waits in none.
  /// Nothing when it is not active.
  std::optional<std::uint32_t> WaitingStep() const;

  // From its sessions.
  void OnConnected(std::uint8_t server);
  /// Where the target of a connect leads, from TargetLookup: never from inside its Find.
  void OnTarget(std::uint8_t server, const TargetAnswer& answer);
  /// False when no step wanted it.
  bool OnPacket(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload);
  void OnSent(std::uint8_t server, TimePoint sent_at);
  void OnDisconnected(std::uint8_t server, const BotSession& session,
                      servercore::CloseReason reason, std::error_code error);
  void OnUnknownPacket(std::uint8_t server, std::uint32_t packet_id,
                       std::span<const std::byte> payload);
  /// The hook of that server could not encode a packet.
  void ReportUnsendable(std::uint8_t server, std::string_view why);
  // From its shard, when a meeting is complete, or the load goes on.
  /// The position that waits there is ready to go on; GoOn then runs it. Apart, since what one does
  /// may end what others of the same meeting do.
  void Meet(std::uint8_t position, TimePoint at);
  void GoOn() { RunReady(); }

 private:
  static constexpr TimePoint kNever = TimePoint::max();
  static constexpr std::size_t kApartMax = 16;  ///< open requests of a step with `await: false`

  enum class Wait : std::uint8_t {
    kInactive,    ///< not running: before its branch begins, after it ended
    kReady,       ///< RunReady goes on here
    kYield,       ///< ready, but it took many steps: others go first
    kThink,       ///< until wake_at
    kEvery,       ///< until the next pass of a repeat
    kConnect,     ///< for the connection; until wake_at
    kReply,       ///< for the reply of its request; until wake_at
    kExpect,      ///< for a packet; until wake_at
    kSettle,      ///< for the replies that nobody waited for, before it leaves
    kDisconnect,  ///< for the end of a connection that it closes
    kCut,         ///< the same: another branch closes what its step waited for
    kLost,        ///< for the end of a connection that took no packet any more
    kRendezvous,  ///< for other bots; until wake_at
    kHostile,     ///< in the middle of a hostile step, or for what the server does about it
    kBranches     ///< for its parallel branches
  };
  /// What it waits for is up to a server: that goes on while the load is paused.
  static bool IsInFlight(Wait wait) {
    return wait == Wait::kConnect || wait == Wait::kReply || wait == Wait::kExpect ||
           wait == Wait::kHostile;
  }
  /// A request without its reply. After a time-out it is kept apart, so that the late reply is not
  /// taken for the next one's.
  struct Request {
    TimePoint sent{};             ///< when it was queued; corrected when the system took it
    std::uint64_t sent_mark = 0;  ///< it has left when its session has sent so many bytes
    std::uint32_t order = 0;      ///< of all requests of the bot: the oldest goes first
    std::uint16_t index = 0;      ///< in FlowProgram::requests
    bool sent_known = false;
    std::uint8_t arrived = 0;  ///< parts of its answer, as bits
    /// What the `where` compares with, in order, or the number in its correlation field; never
    /// shrinks.
    std::vector<Value> keys;
  };
  static_assert(kPartsMax <= 8);
  struct Position {
    TimePoint due{};  ///< when the step it stands at should have begun: latency runs from there
    TimePoint wake_at = kNever;
    std::uint16_t pc = 0;
    Wait wait = Wait::kInactive;
    std::uint8_t branches_left = 0;
    /// At a rendezvous the number of its arrival there; in a hostile step the place of its Misdeed.
    std::uint32_t ticket = 0;
    Request request;  ///< while it waits for a reply; its memory stays
  };
  /// What draws are for: each purpose has numbers of its own.
  enum class DrawFor : std::uint8_t {
    kStep,
    kReply,
    kListen,
    kLifetime,
    kReset,
    kAway,
    kRetry,
    kHook
  };
  class Draws;
  enum class SendOutcome : std::uint8_t { kSent, kNotConnected, kBeingLost, kNotEncodable };

  // Life (Bot.cpp)
  void OnTimer(TimePoint now) override;
  void WakeAt(TimePoint at);
  void Rearm();
  void SetState(BotState state);
  bool IsRunning() const { return state_ == BotState::kActive || state_ == BotState::kConnecting; }
  std::span<Position> positions();
  std::span<const Position> positions() const;
  void TakeOwnTimes(TimePoint now);
  void BeginIteration(TimePoint due);
  void EndIteration(Outcome outcome, servercore::CloseKind how);
  void AfterClosed();
  Nanoseconds DrawRetry();
  void Finish();
  void LeaveLoops(TimePoint now);
  /// `fanout` is 1 + its index; 0: of none.
  void AppendStamp(TimePoint due, std::uint8_t fanout, std::string& out);
  EvaluationContext Context(Draws& draws) const;
  Random RandomFor(DrawFor purpose, std::uint32_t place) const;

  // Beginnings and ends (BotEdges.cpp)
  void TakeEdge(TimePoint now);
  void Begin(TimePoint now, TimePoint due);
  void End(TimePoint now);
  void ReadEdge();
  void CountIterationsLeft();

  // Steps (BotSteps.cpp)
  void ContinueAt(Position& position, std::uint16_t pc, TimePoint due);
  /// Runs every position as far as it goes. Called from within, it leaves that to the outer call,
  /// so that no flow recurses.
  void RunReady();
  void Step(Position& position);
  void StepConnect(Position& position, const ConnectStep& step);
  void FindTarget(Position& position, const ConnectStep& step);
  void Open(const Position& position, const servercore::NetAddress& address);
  void StepRequest(Position& position, std::uint16_t index);
  void StepSend(Position& position, std::uint16_t index);
  void StepExpect(Position& position, const ExpectStep& step);
  void StepThink(Position& position, const ThinkStep& step);
  void StepSet(Position& position, const SetStep& step);
  void StepParallel(Position& position, const ParallelStep& step);
  void StepChoose(Position& position, const ChooseStep& step);
  void StepBranchEnd(Position& position);
  void StepRendezvous(Position& position, const RendezvousStep& step);
  void StepDisconnect(Position& position, const DisconnectStep& step);
  void Assign(const Assignment& assignment, const EvaluationContext& context);
  SendOutcome CanSend(std::uint8_t server) const;
  SendOutcome SendOutgoing(const Outgoing& outgoing, const EvaluationContext& context,
                           const std::string& step, std::uint32_t correlation = 0);
  servercore::SendBuffer EncodeOutgoing(const Outgoing& outgoing, const EvaluationContext& context,
                                        const std::string& step, std::uint32_t correlation = 0);
  void NotSent(Position& position, SendOutcome outcome, RateId failed, const std::string& step,
               OnFail policy);
  void CountNotSent(SendOutcome outcome, RateId failed, const std::string& step);
  std::unique_ptr<BotSession> MakeSession(const Position& position, std::uint8_t server);
  bool IsClosing(std::uint8_t server) const;  ///< by a disconnect step
  void OnDue(Position& position, TimePoint now);
  const Instruction& InstructionAt(const Position& position) const;

  // Rendezvous (BotRendezvous.cpp)
  void LeaveRendezvous(Position& position);
  void LeaveAllRendezvous();
  void PassRendezvous(TimePoint now);
  void TimeOutRendezvous(Position& position, TimePoint now);

  // Hostile steps (BotHostile.cpp)
  void StepHostile(Position& position, std::uint16_t index);
  void Misbehave(Position& position, const HostileStep& step);
  bool SendPackets(Position& position, const HostileStep& step);
  bool CutIntoBytes(Position& position, const HostileStep& step);
  bool Flood(Position& position, const HostileStep& step);
  void CannotMisbehave(Position& position, const HostileStep& step, SendOutcome outcome);
  void WatchServer(Position& position, const HostileStep& step);
  bool MatchHostile(std::uint8_t server, PacketIndex packet, std::uint64_t rules);
  void HostileDue(Position& position);
  void Conclude(Position& position, const HostileStep& step, HostileOutcome outcome);
  /// Counts what the server did; true when that was expected.
  bool Judge(Position& position, const HostileStep& step, HostileOutcome outcome);
  bool TakeExpectedEnd(std::uint8_t server, Ending ending);
  void EndMisdeed(Position& position);
  const HostileStep& HostileOf(const Position& position) const;

  // Repeats (BotRepeats.cpp)
  void StepRepeat(Position& position, const RepeatStep& step);
  void StepRepeatEnd(Position& position, const RepeatStep& step);
  void OnPassDue(Position& position, TimePoint now);
  void BeginPass(Position& position, const RepeatStep& step);
  bool IsOver(const RepeatStep& step, TimePoint now) const;
  void SkipMissedPasses(LoopFrame& loop, const RepeatStep& step, TimePoint now);
  /// How long what was omitted waited: so long, at least so long, or nobody's business.
  enum class Waited : std::uint8_t { kExactly, kAtLeast, kUncounted };
  void OmitPasses(const RepeatStep& step, TimePoint first, TimePoint last, Waited waited);
  void OmitBlockedPasses(bool is_failure);

  // Audiences (BotFanOut.cpp)
  void StepJoin(Position& position, const AudienceStep& step);
  void StepLeave(Position& position, const AudienceStep& step);
  FanOutBot& FanOutState();
  /// The text of `audience`; valid until the next evaluation.
  std::string_view AudienceName(const Expression& audience, const EvaluationContext& context);
  void SentToAudience(const FanOutSend& fanout, std::uint8_t server, std::uint32_t order,
                      const EvaluationContext& context);
  void AnsweredByAudience(const Request& request, bool is_certain);
  void LeaveAudiences();
  void LeaveAudiences(std::uint8_t server);

  // Requests whose flow went on at once (BotApart.cpp)
  Position* PlaceApart(std::uint16_t index);
  bool HasOpenApart(std::optional<std::uint8_t> server = {}) const;
  void CloseApart(Position& position);
  void Settle();
  void GoOnBehind(Position& position, bool awaited);
  /// Calls `visit` with the position of each request that has no reply yet.
  template <typename Visit>
  void ForEachOpen(const Visit& visit);

  // Packets (BotPackets.cpp, BotAnswers.cpp)
  bool OnAudible(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                 std::uint64_t rules);
  bool MatchRequest(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                    std::uint64_t rules);
  bool MatchExpect(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                   std::uint64_t rules);
  bool TakeExpected(Position& position, std::uint8_t server, PacketIndex packet,
                    std::span<const std::byte> payload, std::uint64_t rules);
  bool MatchListen(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload,
                   std::uint64_t rules);
  /// What a packet is to a request: `part` counts only after a match.
  struct Answer {
    static constexpr std::uint8_t kRefusal = kPartsMax;  ///< one of failOn
    Match match = Match::kNo;
    std::uint8_t part = 0;
  };
  Answer AnswerTo(const Request& request, std::uint8_t server, PacketIndex packet,
                  std::span<const std::byte> payload, std::uint64_t rules) const;
  Answer PartIn(const Request& request, PacketIndex packet, std::span<const std::byte> payload,
                std::uint64_t rules) const;
  bool IsComplete(const Request& request, Answer answer) const;
  Match MatchesWhere(const Incoming& incoming, std::span<const std::byte> payload,
                     const EvaluationContext& context);
  void FillKeys(Request& request, const EvaluationContext& context) const;
  std::uint32_t NextCorrelation(std::uint8_t server);
  void React(std::uint32_t listen, const EvaluationContext& context);
  void ChargeLate(std::size_t expired, Answer answer);
  void TakeAnswer(Position& position, Answer answer, PacketIndex packet,
                  std::span<const std::byte> payload);
  void RecordAnswer(Position& position, bool is_refused);
  /// What a failed or passed examination says; the checks' own policy was applied already.
  struct Examined {
    bool failed = false;                                ///< undecodable, or nothing to save
    bool goes_on = false;                               ///< no check ended the iteration
    RequestFailure why = RequestFailure::kUndecodable;  ///< if it failed
  };
  Examined Examine(const Position& position, const Incoming& incoming,
                   std::span<const RateId> checks, const std::string& step,
                   std::optional<OnFail> on_fail, std::span<const std::byte> payload);
  Examined ExaminePart(const Position& position, std::size_t part,
                       std::span<const std::byte> payload);
  void ComputeArmed();

  // Failures and ends (BotFailures.cpp)
  void TimeOutRequest(Position& position, TimePoint now);
  void TimeOutExpect(Position& position, TimePoint now);
  void AbandonRequests();
  void Abandon(const Request& request);
  void FailOpen(std::uint8_t server, bool excused,
                HostileOutcome outcome = HostileOutcome::kClosed);
  void OnLost(std::uint8_t server, Ending ending, servercore::CloseReason reason,
              std::error_code error);
  void OnConnectLost(std::uint8_t server, bool timed_out, std::error_code error);
  void FailConnect(Position& position, ConnectFailure failure, std::string_view why);
  /// Ends the wait for where to connect to. False when nobody waits for that.
  bool LeaveLookup(std::uint8_t server);
  void ForgetTargets();
  void CutOpen(std::uint8_t server);
  bool LeaveClosed(std::uint8_t server);
  std::uint8_t ServerOf(const Position& position) const;  ///< of a step that waits for one
  /// Does what `policy` says. True when the flow goes on at the position that failed.
  bool Fail(OnFail policy);
  /// `pattern` and `args` are fmt's. Defined in BotReport.h; costs little once enough are kept.
  template <typename... Args>
  void Report(std::string_view metric, std::string_view pattern, const Args&... args);
  bool WantsReport(std::string_view metric) const;
  void AddReport(std::string_view metric, const std::string& text);
  std::string_view StepNameOf(const Position& position) const;
  /// 0, or from 1 on the step that waits: requests, expects, hostiles and rendezvous of the flow.
  std::uint32_t StepNumberOf(const Position& position) const;
  std::uint32_t StepNumberOf(std::uint8_t server) const;  ///< of those that wait for that server
  void CountEnding(std::uint8_t server, const BotSession& session, Ending ending,
                   servercore::CloseReason reason);
  EndReason ReasonOf(std::uint8_t server, servercore::CloseReason reason) const;
  /// `examined` failed the request or expect whose series of requests_failed these are, or not.
  void CountExamined(RateId failed, const Examined& examined);

  // What is kept of the conversation (BotTrace.cpp)
  TraceHead HeadOf(TraceHead::Kind kind, std::uint8_t server) const;
  /// Words that only somebody who follows the bot wants; `pattern` and `args` are fmt's.
  template <typename... Args>
  void Note(std::string_view pattern, const Args&... args);
  void AddNote(std::string_view text, std::uint8_t server = 0);  ///< if the bot is recorded
  void RecordSent(const Outgoing& outgoing, std::span<const std::byte> packet,
                  const std::string& step);
  void RecordReceived(TraceHead::Kind kind, std::uint8_t server, PacketIndex packet,
                      std::span<const std::byte> payload, const std::string* step);
  void RecordUnknown(std::uint8_t server, std::uint32_t packet_id,
                     std::span<const std::byte> payload);
  /// For somebody who follows the bot. Always false: nobody took the packet.
  bool LeaveUnwanted(std::uint8_t server, PacketIndex packet, std::span<const std::byte> payload);
  static std::string FoundText(const Condition& condition, std::span<const std::byte> payload);

  BotShard& shard_;
  GroupRun& group_;
  const std::uint32_t id_;
  const std::uint32_t number_;
  std::uint32_t iteration_ = 0;  ///< from 1; of an open group: the arrival's number, from 1
  std::uint32_t stamps_ = 0;
  std::uint32_t requests_ = 0;  ///< sent so far, for their order
  std::uint16_t edges_taken_ = 0;
  std::uint8_t failures_in_row_ = 0;
  std::uint8_t lost_server_ = 0;  ///< with lost_at_
  BotState state_ = BotState::kDormant;
  Outcome last_outcome_ = Outcome::kCompleted;
  const bool followed_;      ///< somebody watches all that it does
  bool wanted_ = false;      ///< its group wants it to run
  bool has_unsent_ = false;  ///< some request waits for its send time
  bool running_ = false;     ///< RunReady is on the stack
  TimePoint next_edge_at_ = kNever;
  TimePoint away_until_ = kNever;
  TimePoint cut_at_ = kNever;        ///< churn
  TimePoint interrupt_at_ = kNever;  ///< the graceful stop ends
  TimePoint iteration_began_{};
  TimePoint lost_at_ = kNever;  ///< for recovery_duration
  TimePoint answered_at_{};     ///< the last reply
  std::uint64_t armed_ = 0;
  std::uint64_t listening_ = 0;
  std::array<BotSession*, kConnectionsMax> connections_{};
  std::unique_ptr<Position[]> positions_;
  std::unique_ptr<LoopFrame[]> loops_;
  std::unique_ptr<Value[]> variables_;
  std::unique_ptr<std::uint32_t[]> heard_;        ///< packets of this iteration, by listen
  std::vector<Request> expired_;                  ///< timed out: their replies may still come
  std::unique_ptr<std::vector<Position>> apart_;  ///< open, or a place to use again
  std::unique_ptr<FanOutBot> fanout_;             ///< once it joined or sent to an audience
};

template <typename Visit>
void Bot::ForEachOpen(const Visit& visit) {
  for (Position& position : positions()) {
    if (position.wait == Wait::kReply) visit(position);
  }
  if (apart_ == nullptr) return;
  for (Position& position : *apart_) {
    if (position.wait == Wait::kReply) visit(position);
  }
}

}  // namespace stressbot
