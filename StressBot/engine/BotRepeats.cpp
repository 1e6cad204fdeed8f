#include <algorithm>
#include <utility>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

/// Repeats: their passes, the grid of `every`, and what was due and could not be sent.
namespace stressbot {

using Mode = RepeatStep::Mode;

void Bot::StepRepeat(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  loop = LoopFrame{};
  if (step.mode == Mode::kDuration) loop.end_at = shard_.now() + step.duration;
  if (step.every && step.align) {
    const auto since_start = position.due - shard_.load_started_at();
    const auto periods = (since_start + *step.every - Nanoseconds(1)) / *step.every;
    loop.next_due = shard_.load_started_at() + periods * *step.every;
  } else if (step.every) {
    Draws draws(*this, DrawFor::kStep, position.pc);
    const double phase = draws.Get().NextUnit() * static_cast<double>(step.every->count());
    loop.next_due = position.due + Nanoseconds(static_cast<std::int64_t>(phase));
  }
  BeginPass(position, step);
}

void Bot::StepRepeatEnd(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  ++loop.count;
  if (step.every) {
    const TimePoint now = shard_.now();
    loop.next_due += *step.every;
    if (!IsOver(step, now)) {
      SkipMissedPasses(loop, step, now);
    } else if (step.mode == Mode::kDuration && wanted_ && step.late != Late::kShift) {
      OmitPasses(step, loop.next_due, std::min(now, loop.end_at - Nanoseconds(1)),
                 Waited::kExactly);
    }
  }
  BeginPass(position, step);
}

void Bot::OnPassDue(Position& position, TimePoint now) {
  const RepeatStep& step = group_.flow.repeats[InstructionAt(position).index];
  LoopFrame& loop = loops_[step.loop];
  if (IsOver(step, now)) {  // the generator is so late that the pass lies behind the end
    if (step.late != Late::kShift)
      OmitPasses(step, loop.next_due, loop.end_at - Nanoseconds(1), Waited::kExactly);
    ContinueAt(position, step.after, now);
    return;
  }
  // Without a late generator the next one is not due yet.
  if (loop.next_due + *step.every <= now) SkipMissedPasses(loop, step, now);
  position.wait = Wait::kReady;
  BeginPass(position, step);
  RunReady();
}

/// The repeat was blocked while passes were due. The oldest of them goes at once; each other is
/// entered with the time for which it was blocked, so that the tail is true without a storm of
/// catching up.
void Bot::SkipMissedPasses(LoopFrame& loop, const RepeatStep& step, TimePoint now) {
  if (loop.next_due >= now || step.late == Late::kCatchUp) return;
  if (step.late == Late::kShift) {
    loop.next_due = now;
    return;
  }
  const TimePoint oldest = loop.next_due;
  auto missed = (now - oldest) / *step.every;
  if (step.mode == Mode::kCount) {  // omitted passes are of those that were asked for
    missed = std::min(missed, static_cast<std::int64_t>(step.count - loop.count) - 1);
    loop.count += static_cast<std::uint32_t>(missed);
  }
  if (missed == 0) return;
  // BeginPass runs the oldest now; the grid then goes on from the last one missed.
  loop.late_due = oldest;
  loop.next_due = oldest + missed * *step.every;
  OmitPasses(step, oldest + *step.every, loop.next_due, Waited::kExactly);
}

/// Counts what was due at `first`, one period later, ... until `last` as asked for and not made.
void Bot::OmitPasses(const RepeatStep& step, TimePoint first, TimePoint last, Waited waited) {
  const TimePoint now = shard_.load_now();
  MetricsFrame& frame = shard_.frame();
  for (TimePoint due = first; due <= last; due += *step.every) {
    frame.Count(group_.metrics.load_delivered, false);
    if (step.first_request == kNone16) continue;
    const StepMetrics& metrics = group_.metrics.requests[step.first_request];
    if (waited == Waited::kExactly) frame.Record(metrics.duration, (now - due).count());
    if (waited == Waited::kAtLeast) frame.RecordAtLeast(metrics.duration, (now - due).count());
    frame.Add(metrics.omitted);
  }
}

/// The iteration ends within passes: what became due meanwhile was asked for too, as far as the
/// repeat reaches. After a failure it enters the histogram as what it is, longer than this; what we
/// cut ourselves does not.
void Bot::OmitBlockedPasses(bool is_failure) {
  const TimePoint now = shard_.load_now();
  for (const RepeatStep& step : group_.flow.repeats) {
    if (!step.every || step.late == Late::kShift) continue;
    const bool is_inside =
        std::any_of(positions().begin(), positions().end(), [&](const Position& position) {
          return position.wait != Wait::kInactive && step.body <= position.pc &&
                 position.pc < step.after;
        });
    if (!is_inside) continue;
    const LoopFrame& loop = loops_[step.loop];
    TimePoint last = now;
    if (step.mode == Mode::kDuration) last = std::min(now, loop.end_at - Nanoseconds(1));
    if (step.mode == Mode::kCount && now > loop.next_due) {
      const auto missed = static_cast<std::uint64_t>((now - loop.next_due) / *step.every);
      const std::uint64_t left = step.count - loop.count - 1;  // behind the one it is in
      last = loop.next_due + static_cast<std::int64_t>(std::min(missed, left)) * *step.every;
    }
    OmitPasses(step, loop.next_due + *step.every, last,
               is_failure ? Waited::kAtLeast : Waited::kUncounted);
  }
}

bool Bot::IsOver(const RepeatStep& step, TimePoint now) const {
  const LoopFrame& loop = loops_[step.loop];
  switch (step.mode) {
    case Mode::kCount:
      return loop.count >= step.count;
    case Mode::kUntilStop:
      return !wanted_;
    case Mode::kDuration:
      return !wanted_ || std::max(now, step.every ? loop.next_due : now) >= loop.end_at;
  }
  return true;
}

void Bot::BeginPass(Position& position, const RepeatStep& step) {
  LoopFrame& loop = loops_[step.loop];
  const TimePoint now = shard_.now();
  if (IsOver(step, now)) {
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
    // It stands at the repeat itself, whose index leads back to the step.
    position.pc = static_cast<std::uint16_t>(step.body - 1);
    WakeAt(position.wake_at);
    return;
  }
  shard_.frame().Count(group_.metrics.load_delivered, true);
  position.due =
      loop.late_due == TimePoint{} ? loop.next_due : std::exchange(loop.late_due, TimePoint{});
  position.pc = step.body;
}

}  // namespace stressbot
