#include <algorithm>
#include <string>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutBot.h"
#include "StressBot/engine/GroupRun.h"

/// How a bot takes time-outs, the end of a connection, and the failures of its steps.
namespace stressbot {

using servercore::CloseKind;
using servercore::CloseReason;

namespace {

/// Timed-out requests that wait for a late reply; beyond it the oldest is forgotten. Where replies
/// are told apart by their order alone, one that is forgotten would shift all that follow.
constexpr std::size_t kExpiredMax = 32;
constexpr std::size_t kExpiredInOrderMax = 1'024;

Ending EndingOf(CloseReason reason, std::error_code error) {
  switch (reason) {
    case CloseReason::kLocal:
    case CloseReason::kShutdown:
      return Ending::kUsOrderly;
    case CloseReason::kDrainTimeout:
      return Ending::kUsTimeout;
    case CloseReason::kPeerClosed:
      return Ending::kServerOrderly;
    case CloseReason::kPeerReset:
      return error == std::errc::timed_out ? Ending::kTimeout : Ending::kServerReset;
    case CloseReason::kQueueFull:
    case CloseReason::kIdle:
      return Ending::kTimeout;
    case CloseReason::kLocalReset:
    case CloseReason::kBadPacket:
    case CloseReason::kConnectFailed:
    case CloseReason::kNone:
      break;
  }
  return Ending::kUsReset;
}

EndingClass ClassOf(Ending ending) {
  switch (ending) {
    case Ending::kUsOrderly:
    case Ending::kServerOrderly:
      return EndingClass::kInOrder;
    case Ending::kUsReset:
    case Ending::kServerReset:
      return EndingClass::kReset;
    case Ending::kUsTimeout:
    case Ending::kTimeout:
      break;
  }
  return EndingClass::kOther;
}

DropKind DropKindOf(Ending ending) {
  if (ending == Ending::kServerOrderly) return DropKind::kClosed;
  return ending == Ending::kServerReset ? DropKind::kReset : DropKind::kTimeout;
}

std::string_view Describe(Ending ending, CloseReason reason) {
  if (ending == Ending::kServerOrderly) return "closed by the server";
  if (ending == Ending::kServerReset) return "reset by the server";
  return reason == CloseReason::kQueueFull ? "dropped, since the server does not read"
                                           : "timed out";
}

std::string EndingText(Ending ending, CloseReason reason, const std::string& server) {
  const std::string connection = "the connection to " + server + " is ";
  if (reason == CloseReason::kBadPacket) return connection + "reset: such a packet cannot be";
  if (ending == Ending::kUsOrderly) return connection + "closed, by us";
  if (ending == Ending::kUsReset) return connection + "reset, by us";
  if (ending == Ending::kUsTimeout) return connection + "reset: the server did not end it too";
  return connection + std::string(Describe(ending, reason));
}

}  // namespace

void Bot::TimeOutRequest(Position& position, TimePoint now) {
  const RequestStep& step = group_.flow.requests[position.request.index];
  const StepMetrics& metrics = group_.metrics.requests[position.request.index];
  shard_.frame().RecordAtLeast(metrics.duration, (now - position.due).count());
  shard_.frame().RecordAtLeast(metrics.service_time, (now - position.request.sent).count());
  shard_.frame().Count(FailedBy(metrics.failed, RequestFailure::kTimeout), true);
  Report("requests_failed", "no reply in time in step {}", step.name);
  if (step.fanout) AnsweredByAudience(position.request, true);  // the server had it, and lost it
  const bool in_order = step.expect.where.empty() && !step.by_correlation;
  const std::size_t most = in_order ? kExpiredInOrderMax : kExpiredMax;
  if (expired_.size() >= most) expired_.erase(expired_.begin());
  expired_.push_back(std::move(position.request));
  position.wait = step.awaited ? Wait::kReady : Wait::kInactive;
  if (Fail(step.on_fail.value_or(OnFail::kEndIteration))) GoOnBehind(position, step.awaited);
}

void Bot::TimeOutExpect(Position& position, TimePoint now) {
  const std::uint16_t index = InstructionAt(position).index;
  const ExpectStep& step = group_.flow.expects[index];
  shard_.frame().Count(FailedBy(group_.metrics.expects[index].failed, RequestFailure::kTimeout),
                       true);
  Report("requests_failed", "nothing received in time in step {}", step.name);
  position.wait = Wait::kReady;
  ComputeArmed();
  if (Fail(step.on_fail.value_or(OnFail::kEndIteration)))
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
}

/// What is open when we end an iteration is no failure of the server's: it is counted apart and
/// enters no histogram.
void Bot::AbandonRequests() {
  ForEachOpen([this](const Position& open) { Abandon(open.request); });
}

void Bot::Abandon(const Request& request) {
  shard_.frame().Add(group_.metrics.requests[request.index].abandoned);
  if (group_.flow.requests[request.index].fanout) AnsweredByAudience(request, false);
}

/// What was awaited from that server will not come any more. Where an event excuses it, that is no
/// failure: the event has cut it. `outcome` is what the server did, for hostile steps.
void Bot::FailOpen(std::uint8_t server, bool excused, HostileOutcome outcome) {
  ForEachOpen([this, server, excused](Position& open) {
    const RequestStep& step = group_.flow.requests[open.request.index];
    if (step.expect.server != server) return;
    const StepMetrics& metrics = group_.metrics.requests[open.request.index];
    if (excused) {
      shard_.frame().Add(metrics.abandoned);
    } else {
      shard_.frame().Count(FailedBy(metrics.failed, RequestFailure::kLost), true);
    }
    if (step.fanout) AnsweredByAudience(open.request, false);
    open.wait = step.awaited ? Wait::kReady : Wait::kInactive;
  });
  for (Position& position : positions()) {
    if (position.wait == Wait::kHostile && ServerOf(position) == server) {
      if (!excused) {
        Judge(position, HostileOf(position), outcome);
      } else {
        EndMisdeed(position);
        position.wait = Wait::kReady;
      }
    }
    if (position.wait != Wait::kExpect) continue;
    const std::uint16_t index = InstructionAt(position).index;
    if (group_.flow.expects[index].expect.server != server) continue;
    const RateId failed = group_.metrics.expects[index].failed;
    if (!excused) shard_.frame().Count(FailedBy(failed, RequestFailure::kLost), true);
    position.wait = Wait::kReady;
  }
}

void Bot::OnDisconnected(std::uint8_t server, const BotSession& session, CloseReason reason,
                         std::error_code error) {
  connections_[server] = nullptr;
  for (const ListenStep& step : group_.flow.listens) {
    if (step.incoming.server == server) listening_ &= ~(std::uint64_t{1} << step.incoming.rule);
  }
  std::erase_if(expired_, [&](const Request& request) {
    return group_.flow.requests[request.index].expect.server == server;
  });
  const Ending ending = EndingOf(reason, error);
  if (fanout_ != nullptr) {
    fanout_->LeaveServer(server);
    fanout_->SendsEnded(server, ending == Ending::kUsOrderly);
  }
  ComputeArmed();
  if (session.established() && shard_.recorder().Wants(id_))
    AddNote(EndingText(ending, reason, group_.program.servers[server].name), server);
  if (session.established()) CountEnding(server, session, ending, reason);
  if (state_ == BotState::kEnding) {
    const bool closed = std::all_of(connections_.begin(), connections_.end(),
                                    [](const BotSession* other) { return other == nullptr; });
    if (closed) AfterClosed();
    return;
  }
  const bool is_by_step = LeaveClosed(server);
  if (!session.established()) OnConnectLost(server, reason == CloseReason::kLocalReset, error);
  if (is_by_step || !session.established()) {
    RunReady();
    return;
  }
  if (TakeExpectedEnd(server, ending)) {
    RunReady();
    return;
  }
  if (reason != CloseReason::kBadPacket) {
    OnLost(server, ending, reason, error);
    return;
  }
  Report("packets_invalid", "{} from {}", session.fault(), group_.program.servers[server].name);
  FailOpen(server, false, HostileOutcome::kReplied);
  EndIteration(Outcome::kFailed, CloseKind::kOrderly);
}

/// A disconnect step closes that connection. What other branches await from it is cut by us, which
/// is no failure: a reply of a later connection must not be taken for theirs. They go on behind
/// their step as soon as it is closed.
void Bot::CutOpen(std::uint8_t server) {
  const bool is_closing = connections_[server]->state() == BotSession::State::kClosing;
  for (Position& position : positions()) {
    const bool is_open = position.wait == Wait::kReply || position.wait == Wait::kExpect ||
                         position.wait == Wait::kHostile ||
                         (position.wait == Wait::kConnect && !is_closing);  // else it failed
    if (!is_open || ServerOf(position) != server) continue;
    if (position.wait == Wait::kReply) Abandon(position.request);
    if (position.wait == Wait::kHostile) EndMisdeed(position);
    position.wait = Wait::kCut;
    position.wake_at = kNever;
  }
  ForEachOpen([this, server](Position& open) {
    const RequestStep& step = group_.flow.requests[open.request.index];
    if (step.expect.server != server) return;  // those of the positions are cut already
    Abandon(open.request);
    CloseApart(open);
  });
  for (Position& position : positions()) {
    if (position.wait == Wait::kSettle) position.wait = Wait::kReady;  // nothing will come
  }
  ComputeArmed();
}

/// Makes those ready that waited for the end of that connection, which they or other branches
/// closed; they run when all are. False when no step closed it.
bool Bot::LeaveClosed(std::uint8_t server) {
  if (!IsClosing(server)) return false;
  for (Position& position : positions()) {
    // One that found the connection closing looks again, and now it is closed.
    const bool looks_again = position.wait == Wait::kLost;
    const bool goes_on = (position.wait == Wait::kDisconnect || position.wait == Wait::kCut) &&
                         ServerOf(position) == server;
    if (!looks_again && !goes_on) continue;
    if (InstructionAt(position).op == Instruction::Op::kConnect) SetState(BotState::kActive);
    if (goes_on) ++position.pc;
    position.due = shard_.now();
    position.wait = Wait::kReady;
  }
  return true;
}

std::uint8_t Bot::ServerOf(const Position& position) const {
  using Op = Instruction::Op;
  const FlowProgram& flow = group_.flow;
  const Instruction instruction = InstructionAt(position);
  switch (instruction.op) {
    case Op::kConnect:
      return flow.connects[instruction.index].server;
    case Op::kRequest:
      return flow.requests[instruction.index].expect.server;
    case Op::kExpect:
      return flow.expects[instruction.index].expect.server;
    case Op::kDisconnect:
      return flow.disconnects[instruction.index].server;
    case Op::kHostile:
      return flow.hostiles[instruction.index].server;
    default:
      SC_ASSERT(false && "a step that waits for no server");
      return 0;
  }
}

EndReason Bot::ReasonOf(std::uint8_t server, CloseReason reason) const {
  if (reason == CloseReason::kBadPacket) return EndReason::kBadPacket;
  if (reason == CloseReason::kQueueFull) return EndReason::kQueueFull;
  if (IsClosing(server)) return EndReason::kStep;
  if (state_ != BotState::kEnding) return EndReason::kNone;
  switch (last_outcome_) {
    case Outcome::kCompleted:
      return EndReason::kEnd;
    case Outcome::kFailed:
      return EndReason::kFailure;
    case Outcome::kCut:
      return EndReason::kCut;
    case Outcome::kInterrupted:
      break;
  }
  return EndReason::kStop;
}

void Bot::CountEnding(std::uint8_t server, const BotSession& session, Ending ending,
                      CloseReason reason) {
  const ServerMetrics& metrics = group_.metrics.servers[server];
  MetricsFrame& frame = shard_.frame();
  const auto why = static_cast<std::size_t>(ReasonOf(server, reason));
  frame.Add(metrics.ended[static_cast<std::size_t>(ending)][why]);
  const auto kind = static_cast<std::size_t>(ClassOf(ending));
  frame.Add(metrics.session_packets_sent[kind], session.packets_sent());
  frame.Add(metrics.session_packets_received[kind], session.packets_received());
}

/// An established connection ended, and not by us.
void Bot::OnLost(std::uint8_t server, Ending ending, CloseReason reason, std::error_code error) {
  const ServerMetrics& metrics = group_.metrics.servers[server];
  const auto kind = static_cast<std::size_t>(DropKindOf(ending));
  const bool excused = shard_.ExcusesEndings();
  if (excused) {
    shard_.frame().Add(metrics.drops_excused[kind]);
  } else {
    shard_.frame().Add(metrics.dropped[kind][StepNumberOf(server)]);
    const bool is_plain = !error || ending == Ending::kServerReset;
    Report("bots_dropped", "{} in step {}{}", Describe(ending, reason), StepNameOf(positions_[0]),
           is_plain ? std::string() : ": " + error.message());
  }
  if (lost_at_ == kNever) {
    lost_at_ = shard_.now();
    lost_server_ = server;
  }
  FailOpen(server, excused);
  EndIteration(Outcome::kFailed, CloseKind::kOrderly);
}

bool Bot::Fail(OnFail policy) {
  if (!IsRunning()) return false;
  switch (policy) {
    case OnFail::kContinue:
      return true;
    case OnFail::kEndIteration:
      break;
    case OnFail::kStopBot:
      shard_.failures().CountStoppedBot();
      wanted_ = false;
      next_edge_at_ = kNever;
      break;
    case OnFail::kAbortRun:
      shard_.failures().RequestAbort();
      break;
  }
  EndIteration(Outcome::kFailed, CloseKind::kOrderly);
  return false;
}

}  // namespace stressbot
