#include <algorithm>
#include <memory>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// What a bot does at each step of its flow.
namespace stressbot {

using servercore::CloseKind;
using Op = Instruction::Op;

namespace {

/// Steps a position takes without waiting before it lets others run: a flow that never waits must
/// not hold its shard.
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
  Run(position);
}

void Bot::Run(Position& position) {
  const std::uint32_t epoch = epoch_;
  for (int steps = 0; position.wait == Wait::kReady && epoch == epoch_; ++steps) {
    if (steps == kStepsInARow) {
      position.wait = Wait::kThink;
      position.wake_at = shard_.now();
      --position.pc;  // kThink goes on behind the step it stands at
      WakeAt(position.wake_at);
      return;
    }
    const FlowProgram& flow = group_.flow;
    const Instruction instruction = InstructionAt(position);
    switch (instruction.op) {
      case Op::kConnect:
        StepConnect(position, flow.connects[instruction.index]);
        break;
      case Op::kRequest:
        StepRequest(position, instruction.index);
        break;
      case Op::kSend:
        StepSend(position, flow.sends[instruction.index]);
        break;
      case Op::kExpect:
        StepExpect(position, flow.expects[instruction.index]);
        break;
      case Op::kListen:
        listening_ |= std::uint64_t{1} << flow.listens[instruction.index].incoming.rule;
        armed_ |= listening_;
        ++position.pc;
        break;
      case Op::kRepeat:
        StepRepeat(position, flow.repeats[instruction.index]);
        break;
      case Op::kRepeatEnd:
        StepRepeatEnd(position, flow.repeats[instruction.index]);
        break;
      case Op::kParallel:
        StepParallel(position, flow.parallels[instruction.index]);
        break;
      case Op::kBranchEnd:
        StepBranchEnd(position);
        return;
      case Op::kThink: {
        Random random = RandomAt(position.pc);
        position.wait = Wait::kThink;
        position.wake_at =
            shard_.now() + random.DrawDuration(flow.thinks[instruction.index].duration);
        WakeAt(position.wake_at);
        break;
      }
      case Op::kSet: {
        Random random = RandomAt(position.pc);
        for (const Assignment& assignment : flow.sets[instruction.index].assignments) {
          Assign(assignment, Context(random));
        }
        ++position.pc;
        break;
      }
      case Op::kDisconnect:
        StepDisconnect(position, flow.disconnects[instruction.index]);
        break;
      case Op::kEnd:
        EndIteration(Outcome::kCompleted, CloseKind::kOrderly);
        return;
    }
  }
}

void Bot::Assign(const Assignment& assignment, const EvaluationContext& context) {
  Value value;  // apart, since the expression may read the variable it is assigned to
  Evaluate(assignment.value, context, value);
  variables_[assignment.variable] = std::move(value);
}

void Bot::StepConnect(Position& position, const ConnectStep& step) {
  if (connections_[step.server] != nullptr) {  // the scenario's check excludes it but for loops
    Report("connects_failed", "connect while connected, in step " + step.name);
    Fail(OnFail::kEndIteration);
    return;
  }
  const Server& server = group_.program.servers[step.server];
  auto session =
      std::make_unique<BotSession>(shard_.service().session_options(), *this, shard_, step.server,
                                   *server.protocol, group_.metrics.servers[step.server]);
  connections_[step.server] = session.get();
  SetState(BotState::kConnecting);
  position.wait = Wait::kConnect;
  position.wake_at = shard_.now() + step.timeout;
  WakeAt(position.wake_at);
  shard_.service().Connect(std::move(session), server.address, shard_.SourceAddressOf(id_));
}

void Bot::StepRequest(Position& position, std::uint16_t index) {
  const RequestStep& step = group_.flow.requests[index];
  const StepMetrics& metrics = group_.metrics.requests[index];
  Random random = RandomAt(position.pc);
  EvaluationContext context = Context(random);
  if (!SendOutgoing(step.send, context)) {
    if (state_ == BotState::kEnding) return;
    shard_.frame().Count(metrics.failed, true);
    Report("requests_failed", "not connected, or packet too large, in step " + step.name);
    if (Fail(step.on_fail.value_or(OnFail::kEndIteration))) ++position.pc;
    return;
  }
  shard_.frame().Add(metrics.requests);
  const std::uint8_t place = static_cast<std::uint8_t>(&position - positions_.get());
  Pending& pending = pending_.emplace_back();
  pending.request = index;
  pending.position = place;
  pending.due = position.due;
  pending.deadline = shard_.now() + step.timeout;
  context.arguments = shard_.arguments();
  FillKeys(pending, step, context);
  has_unsent_ = true;
  armed_ |= std::uint64_t{1} << step.expect.rule;
  position.wait = Wait::kReply;
  position.wake_at = pending.deadline;
  WakeAt(position.wake_at);
}

bool Bot::SendOutgoing(const Outgoing& outgoing, const EvaluationContext& context) {
  BotSession* session = connections_[outgoing.server];
  if (session == nullptr || !session->IsOpen()) return false;
  std::vector<Value>& arguments = shard_.arguments();
  if (arguments.size() < outgoing.arguments.size()) arguments.resize(outgoing.arguments.size());
  for (std::size_t i = 0; i < outgoing.arguments.size(); ++i) {
    Evaluate(outgoing.arguments[i], context, arguments[i]);
  }
  servercore::SendBuffer buffer = shard_.Encode(outgoing);
  if (!buffer) return false;
  return session->SendPacket(outgoing.packet, std::move(buffer)) == servercore::SendResult::kQueued;
}

void Bot::StepSend(Position& position, const SendStep& step) {
  Random random = RandomAt(position.pc);
  if (!SendOutgoing(step.send, Context(random))) {
    Report("requests_failed", "not connected, or packet too large, in step " + step.name);
    Fail(OnFail::kEndIteration);
    return;
  }
  ++position.pc;
}

void Bot::StepExpect(Position& position, const ExpectStep& step) {
  armed_ |= std::uint64_t{1} << step.expect.rule;
  position.wait = Wait::kExpect;
  position.wake_at = shard_.now() + step.timeout;
  WakeAt(position.wake_at);
}

void Bot::StepRepeat(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  loop = LoopFrame{};
  const TimePoint now = shard_.now();
  if (step.mode == RepeatStep::Mode::kDuration) loop.end_at = now + step.duration;
  if (step.every) {
    if (step.align) {
      const auto since_start = position.due - shard_.started_at();
      const auto periods = (since_start + *step.every - Nanoseconds(1)) / *step.every;
      loop.next_due = shard_.started_at() + periods * *step.every;
    } else {
      Random random = RandomAt(position.pc);
      const double phase = random.NextUnit() * static_cast<double>(step.every->count());
      loop.next_due = position.due + Nanoseconds(static_cast<std::int64_t>(phase));
    }
  }
  BeginPass(position, step);
}

void Bot::StepRepeatEnd(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  ++loop.count;
  if (step.every) {
    loop.next_due += *step.every;
    if (loop.next_due < shard_.now() && step.late != Late::kCatchUp)
      OmitPasses(loop, step, shard_.now());
  }
  BeginPass(position, step);
}

/// The repeat was blocked while passes were due. The oldest of them goes at once; each other is
/// entered with the time for which it was blocked, so that the tail is true without a storm of
/// catching up.
void Bot::OmitPasses(LoopFrame& loop, const RepeatStep& step, TimePoint now) {
  if (step.late == Late::kShift) {
    loop.next_due = now;
    return;
  }
  const TimePoint oldest = loop.next_due;
  TimePoint missed = oldest + *step.every;
  for (; missed <= now; missed += *step.every) {
    shard_.frame().Count(group_.metrics.load_delivered, false);
    if (step.first_request == kNone16) continue;
    const StepMetrics& metrics = group_.metrics.requests[step.first_request];
    shard_.frame().Record(metrics.duration, (now - missed).count());
    shard_.frame().Add(metrics.omitted);
  }
  // BeginPass runs the oldest now; the grid then goes on from the last one missed.
  loop.next_due = missed - *step.every;
  if (loop.next_due != oldest) loop.late_due = oldest;
}

void Bot::BeginPass(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  const TimePoint now = shard_.now();
  const TimePoint begins = step.every ? std::max(now, loop.next_due) : now;
  const bool over = (step.mode == RepeatStep::Mode::kCount && loop.count >= step.count) ||
                    (step.mode == RepeatStep::Mode::kDuration && begins >= loop.end_at) ||
                    (step.mode != RepeatStep::Mode::kCount && !wanted_);
  if (over) {
    position.pc = step.after;
    return;
  }
  if (!step.every) {
    position.pc = step.body;
    return;
  }
  if (loop.next_due > now) {
    position.wait = Wait::kEvery;
    position.wake_at = loop.next_due;
    // kEvery stands at the repeat itself, whose index leads back to the step.
    position.pc = static_cast<std::uint16_t>(step.body - 1);
    WakeAt(position.wake_at);
    return;
  }
  shard_.frame().Count(group_.metrics.load_delivered, true);
  position.due =
      loop.late_due == TimePoint{} ? loop.next_due : std::exchange(loop.late_due, TimePoint{});
  position.pc = step.body;
}

void Bot::StepParallel(Position& position, const ParallelStep& step) {
  position.wait = Wait::kBranches;
  position.branches_left = static_cast<std::uint8_t>(step.branches.size());
  const std::uint32_t epoch = epoch_;
  const TimePoint due = position.due;
  for (const ParallelStep::Branch& branch : step.branches) {
    if (epoch != epoch_) return;
    ContinueAt(positions_[branch.position], branch.begin, due);
  }
}

void Bot::StepBranchEnd(Position& position) {
  position.wait = Wait::kInactive;
  const auto place = static_cast<std::uint16_t>(&position - positions_.get());
  // The position that waits for this branch: parallels nest, so look whose branch it is.
  for (std::uint16_t i = 0; i < group_.flow.positions; ++i) {
    Position& parent = positions_[i];
    if (parent.wait != Wait::kBranches) continue;
    const ParallelStep& step = group_.flow.parallels[InstructionAt(parent).index];
    const bool is_parent =
        std::any_of(step.branches.begin(), step.branches.end(),
                    [place](const auto& branch) { return branch.position == place; });
    if (!is_parent) continue;
    if (--parent.branches_left == 0) ContinueAt(parent, step.after, shard_.now());
    return;
  }
}

void Bot::StepDisconnect(Position& position, const DisconnectStep& step) {
  BotSession* session = connections_[step.server];
  if (session == nullptr) {
    ++position.pc;
    return;
  }
  position.wait = Wait::kDisconnect;
  session->Disconnect(step.reset ? CloseKind::kReset : CloseKind::kOrderly);
}

void Bot::OnDue(Position& position, TimePoint now) {
  const TimePoint due = position.wake_at;
  switch (position.wait) {
    case Wait::kThink:
      shard_.RecordLateness(now - due);
      ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), due);
      return;
    case Wait::kEvery: {
      shard_.RecordLateness(now - due);
      const RepeatStep& step = group_.flow.repeats[InstructionAt(position).index];
      position.wake_at = kNever;
      position.wait = Wait::kReady;
      if (step.late == Late::kOnce && loops_[step.loop].next_due + *step.every <= now) {
        OmitPasses(loops_[step.loop], step, now);  // the generator itself was that late
      }
      BeginPass(position, step);
      Run(position);
      return;
    }
    case Wait::kConnect: {
      const std::uint8_t server = group_.flow.connects[InstructionAt(position).index].server;
      position.wake_at = kNever;
      connections_[server]->Disconnect(CloseKind::kReset);  // OnDisconnected tells the failure
      return;
    }
    case Wait::kReply:
    case Wait::kExpect:
      TimeOut(position, now);
      return;
    case Wait::kInactive:
    case Wait::kReady:
    case Wait::kDisconnect:
    case Wait::kBranches:
      position.wake_at = kNever;
      return;
  }
}

}  // namespace stressbot
