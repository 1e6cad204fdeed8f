#include "StressBot/engine/ArrivalProcess.h"

#include "ServerCore/Assert.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/GroupRun.h"

namespace stressbot {

using servercore::Clock;

ArrivalProcess::ArrivalProcess(BotShard& shard, GroupRun& group, std::uint64_t first,
                               std::uint64_t stride)
    : shard_(shard),
      group_(group),
      schedule_(*group.group.arrivals),
      stride_(stride),
      next_(first) {}

ArrivalProcess::~ArrivalProcess() { shard_.shard().timers().Cancel(*this); }

void ArrivalProcess::Add(Bot& bot) {
  ring_.push_back(&bot);
  free_ = bots_left_ = ring_.size();
}

void ArrivalProcess::Start() { Arm(); }

void ArrivalProcess::Pause() { shard_.shard().timers().Cancel(*this); }

void ArrivalProcess::Resume() { Arm(); }

void ArrivalProcess::ChangeRate(const stressbot::ChangeRate& change) {
  schedule_.Change(change.at - group_.group.start_time, change.over, change.rate);
  Arm();
}

Clock::time_point ArrivalProcess::DueOf(std::uint64_t arrival) {
  return shard_.load_started_at() + group_.group.start_time + schedule_.DueOf(arrival);
}

void ArrivalProcess::Arm() {
  if (next_ >= schedule_.count() || shard_.paused()) {
    shard_.shard().timers().Cancel(*this);
  } else {
    shard_.shard().timers().Set(*this, DueOf(next_));
  }
}

void ArrivalProcess::OnTimer(Clock::time_point now) {
  while (next_ < schedule_.count()) {
    const Clock::time_point due = DueOf(next_);
    if (due > now) break;
    const std::uint64_t arrival = next_;
    next_ += stride_;
    shard_.RecordLateness(now - due);
    if (free_ == 0) {
      Drop(1);
      continue;
    }
    Bot& bot = *ring_[first_free_];
    first_free_ = first_free_ + 1 == ring_.size() ? 0 : first_free_ + 1;
    --free_;
    shard_.frame().Count(group_.metrics.load_delivered, true);
    bot.Arrive(static_cast<std::uint32_t>(arrival), due);
  }
  Arm();
}

void ArrivalProcess::Drop(std::uint64_t arrivals) {
  shard_.frame().Count(group_.metrics.load_delivered, false, arrivals);
  shard_.frame().Add(group_.metrics.dropped_iterations, arrivals);
}

void ArrivalProcess::Stop() {
  next_ = kOver;
  shard_.shard().timers().Cancel(*this);
}

void ArrivalProcess::Release(Bot& bot) {
  SC_ASSERT(free_ < ring_.size());
  ring_[(first_free_ + free_) % ring_.size()] = &bot;
  ++free_;
}

void ArrivalProcess::OnBotFinished() {
  SC_ASSERT(bots_left_ > 0);
  if (--bots_left_ > 0 || next_ >= schedule_.count()) return;
  Drop((schedule_.count() - next_ + stride_ - 1) / stride_);
  Stop();
}

}  // namespace stressbot
