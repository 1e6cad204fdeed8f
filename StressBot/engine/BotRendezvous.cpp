#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// How a bot meets others.
namespace stressbot {

void Bot::StepRendezvous(Position& position, const RendezvousStep& step) {
  if (!wanted_) {  // the load is over: who would still come?
    ++position.pc;
    return;
  }
  position.wait = Wait::kRendezvous;
  position.wake_at = step.timeout ? shard_.now() + *step.timeout : kNever;
  position.ticket =
      shard_.ArriveAt(step.point, *this, static_cast<std::uint8_t>(&position - positions_.get()));
  WakeAt(position.wake_at);
}

void Bot::Meet(std::uint8_t place, TimePoint at) {
  Position& position = positions_[place];
  shard_.RecordLateness(shard_.now() - at);
  ++position.pc;
  position.due = at;
  position.wake_at = kNever;
  position.wait = Wait::kReady;
}

void Bot::LeaveRendezvous(Position& position) {
  const RendezvousStep& step = group_.flow.rendezvous[InstructionAt(position).index];
  shard_.LeaveFrom(step.point, position.ticket);
}

/// The iteration ends: nobody waits for this bot, and it is not counted as there.
void Bot::LeaveAllRendezvous() {
  if (group_.flow.rendezvous.empty()) return;
  for (Position& position : positions()) {
    if (position.wait == Wait::kRendezvous) LeaveRendezvous(position);
  }
}

/// The bot's load is over: it goes on without the others, so that it can leave in order.
void Bot::PassRendezvous(TimePoint now) {
  for (Position& position : positions()) {
    if (position.wait != Wait::kRendezvous) continue;
    LeaveRendezvous(position);
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
  }
}

void Bot::TimeOutRendezvous(Position& position, TimePoint now) {
  const std::uint16_t index = InstructionAt(position).index;
  const RendezvousStep& step = group_.flow.rendezvous[index];
  LeaveRendezvous(position);
  position.wait = Wait::kReady;
  shard_.frame().Count(FailedBy(group_.metrics.rendezvous_failed[index], RequestFailure::kTimeout),
                       true);
  Report("requests_failed", "not enough bots came in time to rendezvous {}", step.name);
  if (Fail(step.on_fail.value_or(OnFail::kEndIteration)))
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
}

}  // namespace stressbot
