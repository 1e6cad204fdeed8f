#include "StressBot/engine/Bot.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/ArrivalProcess.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotReport.h"
#include "StressBot/engine/BotSession.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutBot.h"
#include "StressBot/engine/GroupRun.h"
#include "StressBot/engine/Stamp.h"

/// A bot's life: iterations, and the one timer. Its beginnings and ends are in BotEdges.cpp, its
/// steps in BotSteps.cpp and BotRepeats.cpp, what it does with packets in BotPackets.cpp, with
/// failures in BotFailures.cpp.
namespace stressbot {

using servercore::CloseKind;

namespace {

constexpr std::chrono::seconds kSilence{5};

/// Nothing for nothing: an empty array would cost each bot 32 bytes of the heap.
template <typename T>
std::unique_ptr<T[]> MakeArray(std::size_t size) {
  return size == 0 ? nullptr : std::make_unique<T[]>(size);
}

}  // namespace

Bot::Bot(BotShard& shard, GroupRun& group, std::uint32_t id, std::uint32_t number)
    : shard_(shard),
      group_(group),
      id_(id),
      number_(number),
      followed_(shard.follows()),
      positions_(MakeArray<Position>(group.flow.positions)),
      loops_(MakeArray<LoopFrame>(group.flow.loops)),
      variables_(MakeArray<Value>(group.flow.variables.size())),
      heard_(MakeArray<std::uint32_t>(group.flow.listens.size())) {
  ++group_.bots_in[static_cast<std::size_t>(state_)];
}

Bot::~Bot() { shard_.shard().timers().Cancel(*this); }

void Bot::Start() {
  ReadEdge();
  WakeAt(next_edge_at_);
}

std::span<Bot::Position> Bot::positions() { return {positions_.get(), group_.flow.positions}; }
std::span<const Bot::Position> Bot::positions() const {
  return {positions_.get(), group_.flow.positions};
}

void Bot::WakeAt(TimePoint at) {
  // Arming only earlier: a timer that rings too early looks again, which is cheaper than moving it
  // with every request that is answered long before its time-out.
  if (at == kNever || (armed() && due() <= at)) return;
  shard_.shard().timers().Set(*this, at);
}

void Bot::Rearm() {
  const bool is_paused = shard_.paused();
  TimePoint next = is_paused ? kNever : std::min({next_edge_at_, cut_at_, interrupt_at_});
  if (state_ == BotState::kAway && !is_paused) next = std::min(next, away_until_);
  for (const Position& position : positions()) {
    if (IsInFlight(position.wait) || (position.wait != Wait::kInactive && !is_paused))
      next = std::min(next, position.wake_at);
  }
  if (apart_ != nullptr) {
    ForEachOpen([&next](const Position& open) { next = std::min(next, open.wake_at); });
  }
  WakeAt(next);
}

void Bot::OnTimer(TimePoint now) {
  const bool is_paused = shard_.paused();
  if (!is_paused) TakeOwnTimes(now);
  for (Position& position : positions()) {
    const bool may_go_on =
        IsInFlight(position.wait) || (position.wait != Wait::kInactive && !is_paused);
    if (may_go_on && position.wake_at <= now) OnDue(position, now);
  }
  // By index: who goes on may open further ones.
  for (std::size_t i = 0; apart_ != nullptr && i < apart_->size(); ++i) {
    Position& open = (*apart_)[i];
    if (open.wait == Wait::kReply && open.wake_at <= now) TimeOutRequest(open, now);
  }
  Rearm();
}

void Bot::TakeOwnTimes(TimePoint now) {
  if (next_edge_at_ <= now) TakeEdge(now);
  if (state_ == BotState::kAway && away_until_ <= now) {
    const TimePoint due = std::exchange(away_until_, kNever);
    shard_.RecordLateness(now - due);
    BeginIteration(due);
  }
  if (IsRunning()) {
    if (interrupt_at_ <= now) {
      EndIteration(Outcome::kInterrupted, CloseKind::kOrderly);
    } else if (cut_at_ <= now) {
      const bool reset = RandomFor(DrawFor::kReset, 0).NextUnit() < group_.group.churn->reset_share;
      EndIteration(Outcome::kCut, reset ? CloseKind::kReset : CloseKind::kOrderly);
    }
  }
}

void Bot::Arrive(std::uint32_t arrival, TimePoint due) {
  SC_ASSERT(state_ == BotState::kDormant && group_.arrivals != nullptr);
  wanted_ = true;
  iteration_ = arrival;
  lost_at_ = kNever;  // who was dropped does not come back: this is somebody else
  BeginIteration(due);
}

void Bot::Stop(TimePoint now, Nanoseconds grace) {
  if (finished()) return;
  if (shard_.stopping()) next_edge_at_ = kNever;
  wanted_ = false;
  switch (state_) {
    case BotState::kDormant:
    case BotState::kAway:
      Finish();
      return;
    case BotState::kEnding:
      return;
    case BotState::kConnecting:
    case BotState::kActive:
      break;
  }
  interrupt_at_ = std::min(interrupt_at_, now + grace);
  WakeAt(interrupt_at_);
  LeaveLoops(now);
  if (!group_.flow.rendezvous.empty()) PassRendezvous(now);
}

bool Bot::Drop(const DropOrder& order) {
  if (!IsRunning()) return false;
  constexpr std::uint32_t kByEvent = 1;  // place 0 is churn's
  const TimePoint now = shard_.now();
  const auto connection = std::find_if(
      connections_.begin(), connections_.end(),
      [](const BotSession* session) { return session != nullptr && session->established(); });
  TimePoint lost_at = lost_at_;  // of a bot that was not yet back it goes on
  if (lost_at == kNever && connection != connections_.end()) {
    lost_at = now;
    lost_server_ = static_cast<std::uint8_t>(connection - connections_.begin());
  }
  away_until_ = shard_.load_now() + RandomFor(DrawFor::kAway, kByEvent).DrawDuration(order.away);
  EndIteration(Outcome::kCut, order.reset ? CloseKind::kReset : CloseKind::kOrderly);
  if (wanted_) lost_at_ = lost_at;
  return true;
}

/// No new passes: who waits for the next pass of a repeat that ends with the load goes on behind
/// it.
void Bot::LeaveLoops(TimePoint now) {
  for (Position& position : positions()) {
    if (position.wait != Wait::kEvery) continue;
    const RepeatStep& step = group_.flow.repeats[InstructionAt(position).index];
    if (step.mode != RepeatStep::Mode::kCount) ContinueAt(position, step.after, now);
  }
}

void Bot::SetState(BotState state) {
  --group_.bots_in[static_cast<std::size_t>(state_)];
  ++group_.bots_in[static_cast<std::size_t>(state)];
  state_ = state;
}

void Bot::BeginIteration(TimePoint due) {
  SetState(BotState::kActive);
  ++iteration_;
  if (group_.group.iterations > 0) shard_.frame().Count(group_.metrics.load_delivered, true);
  iteration_began_ = due;
  expired_.clear();
  armed_ = 0;
  std::fill_n(heard_.get(), group_.flow.listens.size(), 0U);
  Note("iteration {} begins", iteration_);
  ContinueAt(positions_[0], 0, due);
}

void Bot::EndIteration(Outcome outcome, CloseKind how) {
  const TimePoint now = shard_.now();
  MetricsFrame& frame = shard_.frame();
  frame.Add(group_.metrics.iterations[static_cast<std::size_t>(outcome)]);
  Note("iteration {} is {}", iteration_, kOutcomeNames[static_cast<std::size_t>(outcome)]);
  if (outcome == Outcome::kCompleted) {
    frame.Record(group_.metrics.iteration_duration, (now - iteration_began_).count());
  } else if (wanted_) {
    OmitBlockedPasses(outcome == Outcome::kFailed);
  }
  // What was cut was going well.
  if (outcome == Outcome::kCompleted || outcome == Outcome::kCut) failures_in_row_ = 0;
  if (outcome == Outcome::kCut) lost_at_ = kNever;
  AbandonRequests();
  LeaveAllRendezvous();
  ForgetTargets();
  for (Position& position : positions()) {
    if (position.wait == Wait::kHostile) EndMisdeed(position);
    position.wait = Wait::kInactive;
    position.wake_at = kNever;
  }
  ForEachOpen([this](Position& open) { CloseApart(open); });
  LeaveAudiences();
  listening_ = 0;
  ComputeArmed();  // timed-out requests stay: their replies may come while it closes
  cut_at_ = interrupt_at_ = kNever;
  last_outcome_ = outcome;
  SetState(BotState::kEnding);
  bool connected = false;
  for (BotSession* session : connections_) {
    if (session == nullptr) continue;
    connected = true;
    // What is leaving in order goes on with that: the server has seen it leave in order.
    if (session->state() != BotSession::State::kDraining) session->Disconnect(how);
  }
  if (!connected) AfterClosed();
}

void Bot::AfterClosed() {
  if (group_.group.iterations > 0 && iteration_ >= group_.group.iterations) {
    wanted_ = false;
    next_edge_at_ = kNever;
  }
  if (!wanted_) {
    Finish();
    return;
  }
  if (group_.arrivals != nullptr) {  // the next one comes by the clock, whatever became of this
    wanted_ = false;
    away_until_ = kNever;
    SetState(BotState::kDormant);
    group_.arrivals->Release(*this);
    return;
  }
  Nanoseconds wait{};
  if (away_until_ != kNever) {  // an event has said when
    wait = std::max(away_until_ - shard_.load_now(), Nanoseconds::zero());
  } else if (last_outcome_ == Outcome::kCut) {
    wait = RandomFor(DrawFor::kAway, 0).DrawDuration(group_.group.churn->away);
  } else if (last_outcome_ == Outcome::kFailed) {
    wait = DrawRetry();
  }
  // Through the timer also when at once, so that a flow without any waiting cannot recurse.
  SetState(BotState::kAway);
  if (followed_ && wait > Nanoseconds::zero()) Note("is away for {}", SpanText(wait));
  away_until_ = shard_.load_now() + wait;
  WakeAt(away_until_);
}

Nanoseconds Bot::DrawRetry() {
  constexpr int kCountedMax = 60;  // far behind any `max`
  const RetryPolicy& retry = group_.group.retry;
  double after = static_cast<double>(retry.after.count());
  for (std::uint8_t i = 0; i < failures_in_row_; ++i) after *= retry.factor;
  after = std::min(after, static_cast<double>(retry.max.count()));
  failures_in_row_ = static_cast<std::uint8_t>(std::min(failures_in_row_ + 1, kCountedMax));
  after *= 1 + retry.jitter * (2 * RandomFor(DrawFor::kRetry, 0).NextUnit() - 1);
  return Nanoseconds(static_cast<std::int64_t>(std::max(after, 0.0)));
}

void Bot::Finish() {
  SetState(BotState::kDormant);
  away_until_ = interrupt_at_ = kNever;
  if (!finished()) return;
  if (group_.arrivals != nullptr) group_.arrivals->OnBotFinished();
  shard_.OnBotFinished();
}

void Bot::OnConnected(std::uint8_t server) {
  const TimePoint now = shard_.now();
  const ServerMetrics& metrics = group_.metrics.servers[server];
  for (Position& position : positions()) {
    if (position.wait != Wait::kConnect) continue;
    const Instruction& instruction = InstructionAt(position);
    if (group_.flow.connects[instruction.index].server != server) continue;
    AddNote("connected to " + group_.program.servers[server].name, server);
    shard_.frame().Record(metrics.connect_duration, (now - position.due).count());
    shard_.frame().Count(metrics.connected, false);
    SetState(BotState::kActive);
    if (group_.group.churn && cut_at_ == kNever) {
      cut_at_ = shard_.load_now() +
                RandomFor(DrawFor::kLifetime, 0).DrawDuration(group_.group.churn->lifetime);
      WakeAt(cut_at_);
    }
    ContinueAt(position, static_cast<std::uint16_t>(position.pc + 1), now);
    return;
  }
}

std::size_t Bot::group_index() const { return group_.index; }

std::optional<std::uint16_t> Bot::SilentStep(TimePoint now) const {
  const auto is_missing = [&](const Request& request) {
    return now - request.sent > kSilence && answered_at_ <= request.sent;
  };
  for (const Request& request : expired_) {
    if (is_missing(request)) return IsRunning() ? std::optional(request.index) : std::nullopt;
  }
  const auto is_silent = [&](const Position& position) {
    return position.wait == Wait::kReply && is_missing(position.request);
  };
  for (const Position& position : positions()) {
    if (is_silent(position)) return position.request.index;
  }
  if (apart_ == nullptr) return std::nullopt;
  for (const Position& position : *apart_) {
    if (is_silent(position)) return position.request.index;
  }
  return std::nullopt;
}

void Bot::AppendStamp(TimePoint due, std::uint8_t fanout, std::string& out) {
  using Microseconds = std::chrono::duration<std::int64_t, std::micro>;
  const TimePoint now = shard_.now();
  const auto micros = [](Nanoseconds time) {
    return std::chrono::duration_cast<Microseconds>(time).count();
  };
  Stamp stamp;
  stamp.bot = id_;
  stamp.fanout = fanout;
  stamp.sequence = ++stamps_;
  stamp.sent_us = static_cast<std::uint32_t>(micros(now - shard_.started_at()));
  stamp.late_us = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(micros(now - std::min(due, now)), 0, Stamp::kLateMax));
  stamp.AppendTo(out);
}

EvaluationContext Bot::Context(Draws& draws) const {
  EvaluationContext context;
  context.bot_id = id_;
  context.iteration = iteration_ - 1;
  context.bot_number = number_;
  context.feeds = &group_.feeds;
  context.variables = {variables_.get(), group_.flow.variables.size()};
  context.loops = {loops_.get(), group_.flow.loops};
  context.random = &draws;
  context.stamps = &draws;
  return context;
}

/// Nothing of the key depends on timing or on other branches: the same bot draws the same; and of
/// an open group the same arrival, whichever bot takes it.
Random Bot::RandomFor(DrawFor purpose, std::uint32_t place) const {
  std::uint64_t passes = 0;
  if (purpose == DrawFor::kListen) {
    passes = heard_[place];
  } else if (purpose == DrawFor::kStep || purpose == DrawFor::kReply || purpose == DrawFor::kHook) {
    for (const RepeatStep& step : group_.flow.repeats) {  // those around the place
      if (step.body <= place && place < step.after)
        passes = passes * 1'000'003 + loops_[step.loop].count;
    }
  }
  const std::uint32_t number = group_.arrivals == nullptr ? number_ : 0;
  return Random({shard_.seed(), group_.index, number, iteration_,
                 static_cast<std::uint64_t>(purpose), place, passes});
}

}  // namespace stressbot
