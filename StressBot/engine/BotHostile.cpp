#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// How a bot misbehaves, and how it sees what the server does about it.
namespace stressbot {

using servercore::CloseKind;

namespace {

/// Unsent bytes of a misbehaving bot. More than any socket takes at once, less than the limit at
/// which a session gives its peer up.
constexpr std::size_t kUnsentMax = 256 * 1024;
constexpr std::size_t kFloodedAtOnce = 1'000;  ///< packets, before other bots have their turn
constexpr std::chrono::milliseconds kFloodPause{1};

/// Else it is over in the moment in which it begins, as a send is.
bool TakesTime(HostileStep::Kind kind) {
  using Kind = HostileStep::Kind;
  return kind == Kind::kByteByByte || kind == Kind::kFlood || kind == Kind::kSlowReader;
}

const char* DeedOf(HostileOutcome outcome) {
  switch (outcome) {
    case HostileOutcome::kClosed:
      return "closed the connection";
    case HostileOutcome::kReplied:
      return "replied";
    case HostileOutcome::kIgnored:
      break;
  }
  return "did nothing";
}

}  // namespace

const HostileStep& Bot::HostileOf(const Position& position) const {
  return group_.flow.hostiles[InstructionAt(position).index];
}

void Bot::StepHostile(Position& position, std::uint16_t index) {
  const HostileStep& step = group_.flow.hostiles[index];
  if (const SendOutcome can = CanSend(step.server); can != SendOutcome::kSent) {
    NotSent(position, can, group_.metrics.hostiles[index].failed, step.name,
            step.on_fail.value_or(OnFail::kEndIteration));
    return;
  }
  position.wait = Wait::kHostile;
  position.wake_at = kNever;
  position.ticket = shard_.misdeeds().Begin();
  Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
  misdeed.left = step.count;
  misdeed.give_up_at = shard_.now() + step.timeout;
  if (step.expected != 0) armed_ |= std::uint64_t{1} << step.rule;
  Misbehave(position, step);
}

void Bot::EndMisdeed(Position& position) { shard_.misdeeds().End(position.ticket); }

/// Does it, or the next part of it.
void Bot::Misbehave(Position& position, const HostileStep& step) {
  using Kind = HostileStep::Kind;
  BotSession& session = *connections_[step.server];
  bool is_done = true;
  switch (step.kind) {
    case Kind::kBytes:
      session.SendRaw(shard_.shard().send_buffers().Copy(step.bytes));
      break;
    case Kind::kPackets:
      is_done = SendPackets(position, step);
      break;
    case Kind::kByteByByte:
      is_done = CutIntoBytes(position, step);
      break;
    case Kind::kFlood:
      is_done = Flood(position, step);
      break;
    case Kind::kSlowReader:
      session.PauseReading();
      position.wake_at = shard_.now() + step.pause;
      is_done = false;
      break;
    case Kind::kHalfOpen:
      session.EndSending();
      break;
  }
  if (is_done) {
    WatchServer(position, step);
  } else if (position.wait == Wait::kHostile) {
    WakeAt(position.wake_at);
  }
}

/// The packets of one turn go out as one piece. False when one of them cannot be sent.
bool Bot::SendPackets(Position& position, const HostileStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  for (std::uint32_t i = 0; i < step.count; ++i) {
    SendOutcome outcome = SendOutcome::kNotEncodable;
    if (connections_[step.server]->queued_bytes() < kUnsentMax)
      outcome = SendOutgoing(step.send, Context(draws), step.name);
    if (outcome == SendOutcome::kSent) continue;
    CannotMisbehave(position, step, outcome);
    return false;
  }
  return true;
}

void Bot::CannotMisbehave(Position& position, const HostileStep& step, SendOutcome outcome) {
  EndMisdeed(position);
  position.wait = Wait::kReady;
  NotSent(position, outcome, group_.metrics.hostiles[InstructionAt(position).index].failed,
          step.name, step.on_fail.value_or(OnFail::kEndIteration));
}

/// True with the last byte.
bool Bot::CutIntoBytes(Position& position, const HostileStep& step) {
  Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
  if (misdeed.rest.size() == 0) {
    Draws draws(*this, DrawFor::kStep, position.pc);
    misdeed.rest = EncodeOutgoing(step.send, Context(draws), step.name);
    if (misdeed.rest.size() == 0) {
      CannotMisbehave(position, step, SendOutcome::kNotEncodable);
      return false;
    }
  }
  BotSession& session = *connections_[step.server];
  session.SendRaw(shard_.shard().send_buffers().Copy(misdeed.rest.bytes().first(1)));
  misdeed.rest.RemovePrefix(1);
  if (misdeed.rest.size() == 0) {
    session.CountPacketSent(step.send.packet);
    return true;
  }
  position.wake_at = shard_.now() + step.pause;
  return false;
}

/// True when all is out, or the server does not take it.
bool Bot::Flood(Position& position, const HostileStep& step) {
  Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
  Draws draws(*this, DrawFor::kStep, position.pc);
  for (std::size_t i = 0; i < kFloodedAtOnce && misdeed.left > 0; ++i, --misdeed.left) {
    if (connections_[step.server]->queued_bytes() >= kUnsentMax) break;
    const SendOutcome outcome = SendOutgoing(step.send, Context(draws), step.name);
    if (outcome == SendOutcome::kSent) continue;
    CannotMisbehave(position, step, outcome);
    return false;
  }
  const TimePoint now = shard_.now();
  if (misdeed.left == 0 || now >= misdeed.give_up_at) return true;
  position.wake_at = now + kFloodPause;
  return false;
}

/// From here on it is the server's turn.
void Bot::WatchServer(Position& position, const HostileStep& step) {
  Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
  misdeed.done = true;
  if (step.expected == 0) {
    EndMisdeed(position);
    position.wake_at = kNever;
    position.wait = Wait::kReady;
    if (TakesTime(step.kind)) position.due = shard_.now();
    ++position.pc;
    return;
  }
  position.wake_at = shard_.now() + step.timeout;
  if (misdeed.replied && !step.Expects(HostileOutcome::kClosed)) {
    Conclude(position, step, HostileOutcome::kReplied);
  } else {
    WakeAt(position.wake_at);
  }
}

void Bot::HostileDue(Position& position) {
  const HostileStep& step = HostileOf(position);
  Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
  if (misdeed.done) {
    Conclude(position, step, misdeed.replied ? HostileOutcome::kReplied : HostileOutcome::kIgnored);
  } else if (step.kind == HostileStep::Kind::kSlowReader) {
    connections_[step.server]->ResumeReading();
    WatchServer(position, step);
  } else if (CanSend(step.server) == SendOutcome::kSent) {
    Misbehave(position, step);
  }  // else it is being closed: OnDisconnected comes and tells how
  RunReady();
}

bool Bot::MatchHostile(std::uint8_t server, PacketIndex packet, std::uint64_t rules) {
  for (Position& position : positions()) {
    if (position.wait != Wait::kHostile) continue;
    const HostileStep& step = HostileOf(position);
    if (step.server != server || (rules >> step.rule & 1U) == 0 || step.expected == 0) continue;
    if (step.reply != kUnknownPacket && step.reply != packet) continue;
    Misdeed& misdeed = shard_.misdeeds().at(position.ticket);
    misdeed.replied = true;
    // A server that may close often says why first.
    if (misdeed.done && !step.Expects(HostileOutcome::kClosed)) {
      Conclude(position, step, HostileOutcome::kReplied);
      RunReady();
    }
    return true;
  }
  return false;
}

bool Bot::Judge(Position& position, const HostileStep& step, HostileOutcome outcome) {
  const HostileMetrics& metrics = group_.metrics.hostiles[InstructionAt(position).index];
  EndMisdeed(position);
  position.wait = Wait::kReady;
  position.wake_at = kNever;
  ComputeArmed();
  if (step.expected == 0) return true;
  const bool is_expected = step.Expects(outcome);
  shard_.frame().Add(metrics.outcomes[static_cast<std::size_t>(outcome)]);
  shard_.frame().Count(metrics.check, is_expected);
  if (!is_expected)
    Report("checks", "the server {} in step {}, expected: {}", DeedOf(outcome), step.name,
           step.check);
  return is_expected;
}

void Bot::Conclude(Position& position, const HostileStep& step, HostileOutcome outcome) {
  if (!Judge(position, step, outcome) && !Fail(step.on_fail.value_or(OnFail::kContinue))) return;
  position.due = shard_.now();
  BotSession* session = connections_[step.server];
  const bool must_be_closed = step.expected == 1U << static_cast<unsigned>(HostileOutcome::kClosed);
  if (session == nullptr || !must_be_closed) {
    ++position.pc;
    return;
  }
  // The flow goes on without this connection, whoever closed it.
  CutOpen(step.server);
  position.wait = Wait::kDisconnect;
  session->Disconnect(CloseKind::kReset);
}

/// The server closed a connection on which a step wanted just that: no drop. What other branches
/// awaited from it is cut, as by a disconnect step.
bool Bot::TakeExpectedEnd(std::uint8_t server, Ending ending) {
  if (ending != Ending::kServerOrderly && ending != Ending::kServerReset) return false;
  bool is_expected = false;
  for (Position& position : positions()) {
    if (position.wait != Wait::kHostile) continue;
    const HostileStep& step = HostileOf(position);
    if (step.server != server || !step.Expects(HostileOutcome::kClosed)) continue;
    Conclude(position, step, HostileOutcome::kClosed);
    is_expected = true;
  }
  if (!is_expected) return false;
  for (Position& position : positions()) {
    if (position.wait == Wait::kLost) position.wait = Wait::kReady;  // it looks again
    const bool is_open = position.wait == Wait::kReply || position.wait == Wait::kExpect ||
                         position.wait == Wait::kHostile;
    if (!is_open || ServerOf(position) != server) continue;
    if (position.wait == Wait::kReply) Abandon(position.request);
    if (position.wait == Wait::kHostile) EndMisdeed(position);
    position.wait = Wait::kReady;
    position.wake_at = kNever;
    position.due = shard_.now();
    ++position.pc;
  }
  ForEachOpen([this, server](Position& open) {
    if (group_.flow.requests[open.request.index].expect.server != server) return;
    Abandon(open.request);
    CloseApart(open);
  });
  for (Position& position : positions()) {
    if (position.wait == Wait::kSettle) position.wait = Wait::kReady;  // nothing will come
  }
  ComputeArmed();
  return true;
}

}  // namespace stressbot
