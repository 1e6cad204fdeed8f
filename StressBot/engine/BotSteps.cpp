#include <algorithm>
#include <memory>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// What a bot does at each step of its flow, repeats apart.
namespace stressbot {

using servercore::CloseKind;
using Op = Instruction::Op;

namespace {

/// Steps a bot takes without waiting before it lets others run: a flow that never waits must not
/// hold its shard.
constexpr int kStepsInARow = 1'000;

}  // namespace

const Instruction& Bot::InstructionAt(const Position& position) const {
  return group_.flow.code[position.pc];
}

void Bot::ContinueAt(Position& position, std::uint16_t pc, TimePoint due) {
  position.pc = pc;
  position.due = due;
  position.wake_at = kNever;
  position.wait = Wait::kReady;
  RunReady();
}

void Bot::RunReady() {
  if (running_ || shard_.paused()) return;
  running_ = true;
  int steps = 0;
  const auto is_ready = [](const Position& position) { return position.wait == Wait::kReady; };
  const auto next = [&] { return std::find_if(positions().begin(), positions().end(), is_ready); };
  for (auto position = next(); position != positions().end(); position = next()) {
    while (position->wait == Wait::kReady) {
      if (steps++ < kStepsInARow) {
        Step(*position);
        continue;
      }
      position->wait = Wait::kYield;
      position->wake_at = shard_.now();
      WakeAt(position->wake_at);
    }
  }
  running_ = false;
}

void Bot::Step(Position& position) {
  const FlowProgram& flow = group_.flow;
  const Instruction instruction = InstructionAt(position);
  switch (instruction.op) {
    case Op::kConnect:
      return StepConnect(position, flow.connects[instruction.index]);
    case Op::kRequest:
      return StepRequest(position, instruction.index);
    case Op::kSend:
      return StepSend(position, instruction.index);
    case Op::kExpect:
      return StepExpect(position, flow.expects[instruction.index]);
    case Op::kListen:
      listening_ |= std::uint64_t{1} << flow.listens[instruction.index].incoming.rule;
      armed_ |= listening_;
      ++position.pc;
      return;
    case Op::kRepeat:
      return StepRepeat(position, flow.repeats[instruction.index]);
    case Op::kRepeatEnd:
      return StepRepeatEnd(position, flow.repeats[instruction.index]);
    case Op::kParallel:
      return StepParallel(position, flow.parallels[instruction.index]);
    case Op::kBranchEnd:
      return StepBranchEnd(position);
    case Op::kThink:
      return StepThink(position, flow.thinks[instruction.index]);
    case Op::kSet:
      return StepSet(position, flow.sets[instruction.index]);
    case Op::kJoin:
      return StepJoin(position, flow.joins[instruction.index]);
    case Op::kLeave:
      return StepLeave(position, flow.leaves[instruction.index]);
    case Op::kChoose:
      return StepChoose(position, flow.chooses[instruction.index]);
    case Op::kChooseEnd:
      position.pc = flow.chooses[instruction.index].after;
      return;
    case Op::kMark:
      shard_.marks().Note(flow.marks[instruction.index].mark, shard_.now() - shard_.started_at());
      ++position.pc;
      return;
    case Op::kRendezvous:
      return StepRendezvous(position, flow.rendezvous[instruction.index]);
    case Op::kHostile:
      return StepHostile(position, instruction.index);
    case Op::kDisconnect:
      return StepDisconnect(position, flow.disconnects[instruction.index]);
    case Op::kEnd:
      if (!HasOpenApart()) return EndIteration(Outcome::kCompleted, CloseKind::kOrderly);
      position.wait = Wait::kSettle;
      return;
  }
}

void Bot::StepThink(Position& position, const ThinkStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  // From when it should have begun: else every late wake-up would stretch the load.
  const TimePoint until = position.due + draws.Get().DrawDuration(step.duration);
  if (until < shard_.now()) {  // over already, whoever was late has been told of
    position.due = until;
    ++position.pc;
    return;
  }
  position.wait = Wait::kThink;
  position.wake_at = until;
  if (followed_) Note("thinks for {}", SpanText(until - shard_.now()));
  WakeAt(position.wake_at);
}

void Bot::StepSet(Position& position, const SetStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  for (const Assignment& assignment : step.assignments) Assign(assignment, Context(draws));
  ++position.pc;
}

void Bot::Assign(const Assignment& assignment, const EvaluationContext& context) {
  Value& value = shard_.room();  // apart, since the expression may read what it is assigned to
  Evaluate(assignment.value, context, value);
  std::swap(variables_[assignment.variable], value);
}

void Bot::StepRequest(Position& position, std::uint16_t index) {
  const RequestStep& step = group_.flow.requests[index];
  const StepMetrics& metrics = group_.metrics.requests[index];
  const OnFail policy = step.on_fail.value_or(OnFail::kEndIteration);
  Position* const open = step.awaited ? &position : PlaceApart(index);
  if (open == nullptr) {
    shard_.frame().Count(FailedBy(metrics.failed, RequestFailure::kNotSent), true);
    Report("requests_failed", "not sent, {} are unanswered already in step {}", kApartMax,
           step.name);
    if (Fail(policy)) ++position.pc;
    return;
  }
  Draws draws(*this, DrawFor::kStep, position.pc);
  draws.StampFor(position.due, step.fanout);
  EvaluationContext context = Context(draws);
  const std::uint32_t correlation = step.by_correlation ? NextCorrelation(step.send.server) : 0;
  const SendOutcome outcome = SendOutgoing(step.send, context, step.name, correlation);
  if (outcome != SendOutcome::kSent) {
    NotSent(position, outcome, metrics.failed, step.name, policy);
    return;
  }
  shard_.frame().Add(metrics.requests);
  const TimePoint now = shard_.now();
  Request& request = open->request;
  request.index = index;
  request.sent = now;
  request.sent_mark = connections_[step.send.server]->bytes_queued();
  request.sent_known = false;
  request.arrived = 0;
  request.order = ++requests_;
  context.arguments = shard_.arguments();
  FillKeys(request, context);
  if (step.by_correlation) request.keys.assign(1, std::int64_t{correlation});
  if (step.fanout) SentToAudience(*step.fanout, step.send.server, request.order, context);
  has_unsent_ = true;
  for (std::size_t part = 0; part < step.Parts(); ++part) {
    armed_ |= std::uint64_t{1} << step.Part(part).rule;
  }
  if (!step.awaited) {
    open->due = position.due;
    open->pc = position.pc++;
  }
  open->wait = Wait::kReply;
  open->wake_at = now + step.timeout;
  WakeAt(open->wake_at);
}

/// kSent: nothing is in the way.
Bot::SendOutcome Bot::CanSend(std::uint8_t server) const {
  const BotSession* session = connections_[server];
  if (session == nullptr || session->sending_ended()) return SendOutcome::kNotConnected;
  if (session->IsOpen()) return SendOutcome::kSent;
  return session->established() && !IsClosing(server) ? SendOutcome::kBeingLost
                                                      : SendOutcome::kNotConnected;
}

Bot::SendOutcome Bot::SendOutgoing(const Outgoing& outgoing, const EvaluationContext& context,
                                   const std::string& step, std::uint32_t correlation) {
  if (const SendOutcome can = CanSend(outgoing.server); can != SendOutcome::kSent) return can;
  servercore::SendBuffer buffer = EncodeOutgoing(outgoing, context, step, correlation);
  if (!buffer) return SendOutcome::kNotEncodable;
  const auto result = connections_[outgoing.server]->SendPacket(outgoing.packet, std::move(buffer));
  // Else our queue limit closes it.
  return result == servercore::SendResult::kQueued ? SendOutcome::kSent : SendOutcome::kBeingLost;
}

servercore::SendBuffer Bot::EncodeOutgoing(const Outgoing& outgoing,
                                           const EvaluationContext& context,
                                           const std::string& step, std::uint32_t correlation) {
  std::vector<Value>& arguments = shard_.arguments();
  if (arguments.size() < outgoing.arguments.size()) arguments.resize(outgoing.arguments.size());
  for (std::size_t i = 0; i < outgoing.arguments.size(); ++i) {
    Evaluate(outgoing.arguments[i], context, arguments[i]);
  }
  const std::span<std::byte> packet = shard_.Encode(outgoing);
  if (packet.empty()) return {};
  if (shard_.recorder().Wants(id_)) RecordSent(outgoing, packet, step);
  return shard_.Finish(packet, *connections_[outgoing.server], correlation);
}

bool Bot::IsClosing(std::uint8_t server) const {
  return std::any_of(positions().begin(), positions().end(), [&](const Position& position) {
    return position.wait == Wait::kDisconnect && ServerOf(position) == server;
  });
}

void Bot::NotSent(Position& position, SendOutcome outcome, RateId failed, const std::string& step,
                  OnFail policy) {
  if (outcome == SendOutcome::kBeingLost) {
    position.wait = Wait::kLost;  // OnDisconnected comes and tells how
    return;
  }
  CountNotSent(outcome, failed, step);
  if (Fail(policy)) ++position.pc;
}

void Bot::CountNotSent(SendOutcome outcome, RateId failed, const std::string& step) {
  shard_.frame().Count(FailedBy(failed, RequestFailure::kNotSent), true);
  Report("requests_failed",
         outcome == SendOutcome::kNotConnected
             ? "not connected in step {}"
             : "a packet too large, a text where a number belongs, or one that a hook refused, "
               "in step {}",
         step);
}

void Bot::StepSend(Position& position, std::uint16_t index) {
  const SendStep& step = group_.flow.sends[index];
  Draws draws(*this, DrawFor::kStep, position.pc);
  draws.StampFor(position.due, step.fanout);
  const EvaluationContext context = Context(draws);
  const SendOutcome outcome = SendOutgoing(step.send, context, step.name);
  if (outcome == SendOutcome::kSent) {
    if (step.fanout) SentToAudience(*step.fanout, step.send.server, 0, context);
    if (group_.metrics.sends_are_samples)
      shard_.frame().Count(group_.metrics.sends_failed[index], false);
    ++position.pc;
  } else {
    NotSent(position, outcome, group_.metrics.sends_failed[index], step.name,
            OnFail::kEndIteration);
  }
}

void Bot::StepExpect(Position& position, const ExpectStep& step) {
  armed_ |= std::uint64_t{1} << step.expect.rule;
  position.wait = Wait::kExpect;
  if (followed_) Note("waits for {}, at most {}", step.name, SpanText(step.timeout));
  position.wake_at = shard_.now() + step.timeout;
  WakeAt(position.wake_at);
}

void Bot::StepParallel(Position& position, const ParallelStep& step) {
  SC_ASSERT(!step.branches.empty());
  position.wait = Wait::kBranches;
  position.branches_left = static_cast<std::uint8_t>(step.branches.size());
  for (const ParallelStep::Branch& branch : step.branches) {
    ContinueAt(positions_[branch.position], branch.begin, position.due);
  }
}

void Bot::StepBranchEnd(Position& position) {
  position.wait = Wait::kInactive;
  const auto place = static_cast<std::uint16_t>(&position - positions_.get());
  const ParallelStep& step = group_.flow.parallels[InstructionAt(position).index];
  for (Position& parent : positions()) {
    if (parent.wait != Wait::kBranches ||
        &group_.flow.parallels[InstructionAt(parent).index] != &step) {
      continue;
    }
    SC_ASSERT(std::any_of(step.branches.begin(), step.branches.end(),
                          [place](const auto& branch) { return branch.position == place; }));
    parent.due = std::max(parent.due, position.due);  // what follows is due when the last was done
    if (--parent.branches_left == 0) ContinueAt(parent, step.after, parent.due);
    return;
  }
}

void Bot::StepChoose(Position& position, const ChooseStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  const double drawn = draws.Get().NextUnit() * step.options.back().weight_up_to;
  const auto option =
      std::upper_bound(step.options.begin(), step.options.end(), drawn,
                       [](double at, const ChooseStep::Option& o) { return at < o.weight_up_to; });
  // The product may be rounded up to the sum itself.
  position.pc = option == step.options.end() ? step.options.back().begin : option->begin;
}

void Bot::StepDisconnect(Position& position, const DisconnectStep& step) {
  BotSession* session = connections_[step.server];
  if (session == nullptr) {
    LeaveLookup(step.server);
    ++position.pc;
    return;
  }
  if (!step.reset && HasOpenApart(step.server)) {
    position.wait = Wait::kSettle;
    return;
  }
  LeaveAudiences(step.server);
  Note("closes the connection to {}{}", group_.program.servers[step.server].name,
       step.reset ? " by reset" : "");
  CutOpen(step.server);
  position.wait = Wait::kDisconnect;
  session->Disconnect(step.reset ? CloseKind::kReset : CloseKind::kOrderly);
}

void Bot::OnDue(Position& position, TimePoint now) {
  const TimePoint due = std::exchange(position.wake_at, kNever);
  switch (position.wait) {
    case Wait::kYield:
      ContinueAt(position, position.pc, position.due);
      return;
    case Wait::kThink:
      shard_.RecordLateness(now - due);
      ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), due);
      return;
    case Wait::kEvery:
      shard_.RecordLateness(now - due);
      OnPassDue(position, now);
      return;
    case Wait::kConnect: {
      const std::uint8_t server = group_.flow.connects[InstructionAt(position).index].server;
      if (connections_[server] == nullptr) {  // nor was it found yet where to
        shard_.targets().Forget(*this, server);
        FailConnect(position, ConnectFailure::kTimeout, "its target was not found in time");
        return;
      }
      connections_[server]->Disconnect(CloseKind::kReset);  // OnDisconnected tells the failure
      return;
    }
    case Wait::kReply:
      TimeOutRequest(position, now);
      return;
    case Wait::kExpect:
      TimeOutExpect(position, now);
      return;
    case Wait::kHostile:
      HostileDue(position);
      return;
    case Wait::kRendezvous:
      TimeOutRendezvous(position, now);
      return;
    case Wait::kInactive:
    case Wait::kReady:
    case Wait::kSettle:
    case Wait::kDisconnect:
    case Wait::kCut:
    case Wait::kLost:
    case Wait::kBranches:
      return;
  }
}

}  // namespace stressbot
