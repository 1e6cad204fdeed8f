#include <algorithm>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// When a bot begins and ends by its group's schedule, and what a pause moves.
namespace stressbot {

/// The next one of the schedule. There is one until the group's end.
void Bot::ReadEdge() {
  const auto edge = group_.schedule.EdgeOf(number_, edges_taken_);
  next_edge_at_ = edge ? shard_.load_started_at() + edge->at : kNever;
}

void Bot::TakeEdges(TimePoint until) {
  while (next_edge_at_ <= until) TakeEdge(shard_.load_now());
}

void Bot::TakeEdge(TimePoint now) {
  const auto edge = group_.schedule.EdgeOf(number_, edges_taken_++);
  const TimePoint due = next_edge_at_;
  ReadEdge();
  if (edge->begins) {
    Begin(now, due);
  } else {
    End(now);
  }
}

void Bot::Begin(TimePoint now, TimePoint due) {
  wanted_ = true;
  interrupt_at_ = kNever;
  if (state_ != BotState::kDormant) return;  // it has not ended yet: it goes on
  shard_.RecordLateness(now - due);
  BeginIteration(due);
}

void Bot::End(TimePoint now) {
  CountIterationsLeft();
  if (state_ == BotState::kDormant) {
    Finish();  // of an open group and free, or it ended before
  } else {
    Stop(now, group_.group.graceful_stop);
  }
}

void Bot::FollowSchedule(bool runs) {
  if (next_edge_at_ == kNever) return;  // it has ended for good: a step said stop-bot
  edges_taken_ = 0;
  ReadEdge();
  WakeAt(next_edge_at_);
  // An edge just behind the moment of the change was taken already, and is none any more.
  const TimePoint now = shard_.load_now();
  if (runs && !wanted_) Begin(now, now);
  if (!runs && wanted_) End(now);
}

void Bot::MoveOn(TimePoint paused_at, Nanoseconds paused) {
  for (TimePoint* wait : {&next_edge_at_, &away_until_, &cut_at_, &interrupt_at_}) {
    if (*wait != kNever) *wait += paused;
  }
  const auto move_past = [&](TimePoint& past) {
    const Nanoseconds meanwhile = std::clamp(past - paused_at, Nanoseconds::zero(), paused);
    if (past != kNever) past += paused - meanwhile;
  };
  move_past(lost_at_);
  move_past(iteration_began_);
  for (std::size_t i = 0; i < group_.flow.loops; ++i) {
    LoopFrame& loop = loops_[i];
    loop.next_due += paused;
    loop.end_at += paused;
    if (loop.late_due != TimePoint{}) move_past(loop.late_due);
  }
  for (Position& position : positions()) {
    if (IsInFlight(position.wait)) continue;
    move_past(position.due);
    if (position.wake_at != kNever) position.wake_at += paused;
  }
  Rearm();
}

/// What there was no time for was asked for too.
void Bot::CountIterationsLeft() {
  const std::uint32_t asked = group_.group.iterations;
  if (asked <= iteration_) return;
  shard_.frame().Add(group_.metrics.dropped_iterations, asked - iteration_);
  shard_.frame().Count(group_.metrics.load_delivered, false, asked - iteration_);
}

}  // namespace stressbot
