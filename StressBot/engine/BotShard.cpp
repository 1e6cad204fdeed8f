#include "StressBot/engine/BotShard.h"

#include <algorithm>
#include <variant>

#include "ServerCore/thread/ThreadCpu.h"
#include "StressBot/engine/ArrivalProcess.h"
#include "StressBot/engine/Bot.h"
#include "StressBot/engine/FanOutShard.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/engine/ShareDraw.h"
#include "StressBot/engine/WrappedSession.h"

namespace stressbot {

using servercore::Clock;

namespace {

bool HasTargets(const Program& program) {
  return std::any_of(program.groups.begin(), program.groups.end(), [](const Group& group) {
    const auto& connects = group.flow.connects;
    return std::any_of(connects.begin(), connects.end(),
                       [](const ConnectStep& step) { return step.target.has_value(); });
  });
}

}  // namespace

BotShard::BotShard(const Run& run, servercore::Shard& shard, std::size_t index, std::size_t shards)
    : run_(run),
      shard_(shard),
      index_(index),
      service_(shard, {.session = {},
                       .connects_in_flight_max = run.options.connects_in_flight_max,
                       .on_waited = [this](Clock::duration waited) { RecordLateness(waited); }}),
      recorder_(run.options.trace),
      waiting_(run.program.rendezvous.size()),
      events_(*this, run.program, run.board, run.post, index),
      frame_(run.catalog) {
  if (!run_.program.fanouts.empty())
    fanouts_ = std::make_unique<FanOutShard>(*this, run_.program, index, shards);
  std::uint32_t id = 0;
  if (HasTargets(run_.program))
    targets_ = std::make_unique<TargetLookup>(shard_, run_.options.targets, run_.options.names);
  for (std::size_t i = 0; i < run_.program.groups.size(); ++i) {
    MakeGroup(static_cast<std::uint16_t>(i), shards, id);
    id += run_.program.groups[i].BotsPossible();
  }
  bots_left_ = bots_.size();
}

bool BotShard::follows() const { return run_.options.trace != nullptr; }

/// `first_id` is that of the group's bot 0.
void BotShard::MakeGroup(std::uint16_t index, std::size_t shards, std::uint32_t first_id) {
  groups_.push_back(std::make_unique<GroupRun>(run_.program, index, run_.metrics.groups[index]));
  GroupRun& group = *groups_.back();
  const std::uint32_t bots = group.group.BotsPossible();
  const auto first = static_cast<std::uint32_t>((index_ + shards - first_id % shards) % shards);
  if (first >= bots) return;
  if (group.group.arrivals) {
    const std::size_t shards_with_bots = std::min<std::size_t>(shards, bots);
    arrivals_.push_back(std::make_unique<ArrivalProcess>(*this, group, first, shards_with_bots));
    group.arrivals = arrivals_.back().get();
  }
  for (std::uint64_t number = first; number < bots; number += shards) {
    const auto id = static_cast<std::uint32_t>(first_id + number);
    if (run_.options.only_bot.value_or(id) != id) continue;
    bots_.push_back(std::make_unique<Bot>(*this, group, id, static_cast<std::uint32_t>(number)));
    if (group.arrivals != nullptr) group.arrivals->Add(*bots_.back());
  }
}

BotShard::~BotShard() { shard_.timers().Cancel(*this); }

void BotShard::Meet(const std::vector<std::unique_ptr<BotShard>>& all) {
  if (fanouts_ == nullptr) return;
  std::vector<FanOutShard*> met;
  for (const auto& shard : all) met.push_back(shard->fanouts_.get());
  fanouts_->Meet(std::move(met));
}

void BotShard::Start(Clock::time_point started_at) {
  started_at_ = interval_from_ = started_at;
  for (const Server& server : run_.program.servers) addresses_.push_back(server.address);
  phase_ = run_.program.warmup.count() > 0 ? Phase::kWarmup : Phase::kLoad;
  cpu_at_interval_start_ = servercore::ThreadCpuTime();
  shard_.timers().Set(*this, NextBoundary());
  events_.Start();
  if (fanouts_ != nullptr) fanouts_->Start();
  for (const auto& bot : bots_) bot->Start();
  for (const auto& arrivals : arrivals_) arrivals->Start();
  FinishIfDone();
}

void BotShard::Stop(std::optional<Nanoseconds> grace) {
  if (finished_) return;
  stopping_ = true;
  events_.Stop();
  const Clock::time_point now = shard_.port().Now();
  const bool was_paused = paused();
  if (was_paused) LetTimeGoOn(now - started_at_);
  if (phase_ != Phase::kStop) {
    EndInterval(now);
    phase_ = Phase::kStop;
    shard_.timers().Set(*this, NextBoundary());
  }
  for (const auto& arrivals : arrivals_) arrivals->Stop();
  for (const auto& bot : bots_) {
    bot->Stop(now, grace.value_or(groups_[bot->group_index()]->group.graceful_stop));
  }
  if (!was_paused) return;
  for (const auto& bot : bots_) bot->GoOn();
}

void BotShard::Execute(const LoadCommand& command) {
  std::visit([this](const auto& what) { Carry(what); }, command);
}

void BotShard::Carry(const DropBots& drop) {
  const Nanoseconds at = now() - started_at_;
  run_.board.Report({drop.firing, at, Drop(drop), {}}, index_);
}

void BotShard::Carry(const PauseLoad& pause) {
  if (phase_ == Phase::kStop || finished_ || paused()) return;
  clock_.Pause(pause.at);
  for (const auto& arrivals : arrivals_) arrivals->Pause();
  events_.Pause();
  shard_.timers().Set(*this, NextBoundary());  // the end of the load is no longer known
}

void BotShard::Carry(const ResumeLoad& resume) {
  if (!paused()) return;
  LetTimeGoOn(resume.at);
  for (const auto& arrivals : arrivals_) arrivals->Resume();
  events_.Resume();
  shard_.timers().Set(*this, NextBoundary());
  for (const auto& bot : bots_) bot->GoOn();
}

/// Bots do nothing yet: whoever calls decides what they find.
void BotShard::LetTimeGoOn(Nanoseconds at) {
  const Clock::time_point paused_at = load_now();
  const Nanoseconds paused = clock_.Resume(at);
  for (const auto& bot : bots_) bot->MoveOn(paused_at, paused);
}

void BotShard::Carry(const ChangeBots& change) {
  GroupRun& group = *groups_[change.group];
  if (phase_ == Phase::kStop || finished_ || group.group.arrivals) return;
  if (change.at >= group.schedule.end()) return;
  const auto for_each = [&](const auto& visit) {
    for (const auto& bot : bots_) {
      if (bot->group_index() == group.index) visit(*bot);
    }
  };
  for_each([&](Bot& bot) { bot.TakeEdges(load_started_at() + change.at); });
  const std::uint32_t running = group.schedule.BotsAt(change.at);
  group.schedule.Change(change.at, change.over, change.bots);
  for_each([&](Bot& bot) { bot.FollowSchedule(bot.number() < running); });
}

void BotShard::Carry(const ChangeRate& change) {
  if (phase_ == Phase::kStop || finished_) return;
  ArrivalProcess* const arrivals = groups_[change.group]->arrivals;
  if (arrivals != nullptr) arrivals->ChangeRate(change);
}

std::uint64_t BotShard::Drop(const DropBots& drop) {
  if (phase_ == Phase::kStop || finished_) return 0;
  std::uint64_t dropped = 0;
  for (const auto& group : groups_) {
    if (drop.order.group.value_or(group->index) != group->index) continue;
    const ShareDraw draw(seed(), drop.firing, group->index, group->schedule.bots_max(),
                         drop.order.share);
    for (const auto& bot : bots_) {
      if (bot->group_index() == group->index && draw.Takes(bot->number()) && bot->Drop(drop.order))
        ++dropped;
    }
  }
  return dropped;
}

Clock::time_point BotShard::NextBoundary() const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(interval_from_ - started_at_);
  Clock::time_point next = started_at_ + seconds + std::chrono::seconds(1);
  if (paused()) return next;
  if (phase_ == Phase::kWarmup) next = std::min(next, load_started_at() + run_.program.warmup);
  if (phase_ != Phase::kStop) next = std::min(next, LoadEnd());
  return next;
}

Clock::time_point BotShard::LoadEnd() const {
  return load_started_at() + run_.program.LoadDuration();
}

void BotShard::OnTimer(Clock::time_point) {
  EndInterval(due());
  if (phase_ == Phase::kWarmup && !paused() &&
      interval_from_ >= load_started_at() + run_.program.warmup)
    phase_ = Phase::kLoad;
  if (phase_ != Phase::kStop && !paused() && interval_from_ >= LoadEnd()) phase_ = Phase::kStop;
  shard_.timers().Set(*this, NextBoundary());
}

void BotShard::EndInterval(Clock::time_point to) {
  if (to > interval_from_) DeliverFrame(to);
}

void BotShard::DeliverFrame(Clock::time_point to) {
  SetGauges(to);
  frame_ = run_.collector.Deliver(index_, interval_from_ - started_at_, to - started_at_, phase_,
                                  std::move(frame_));
  interval_from_ = to;
}

void BotShard::SetGauges(Clock::time_point to) {
  const auto count = [this](GaugeId gauge) { frame_.Set(gauge, frame_.gauge(gauge) + 1); };
  for (const auto& bot : bots_) {
    const GroupMetrics& metrics = groups_[bot->group_index()]->metrics;
    if (const auto silent = bot->SilentStep(to)) count(metrics.bots_silent[*silent]);
    if (const auto step = bot->WaitingStep()) count(metrics.bots_in_step[*step]);
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const GroupMetrics& metrics = groups_[i]->metrics;
    for (std::size_t state = 0; state < kBotStates; ++state) {
      if (static_cast<BotState>(state) == BotState::kActive) continue;
      frame_.Set(metrics.bots[state], groups_[i]->bots_in[state]);
    }
  }
  const std::chrono::nanoseconds cpu = servercore::ThreadCpuTime();
  const double share =
      static_cast<double>((cpu - cpu_at_interval_start_).count()) /
      static_cast<double>(std::max<std::int64_t>((to - interval_from_).count(), 1));
  cpu_at_interval_start_ = cpu;
  frame_.Set(run_.metrics.generator_cpu[index_], 100 * share);
}

const servercore::NetAddress* BotShard::SourceAddressOf(std::uint32_t bot) const {
  const auto& addresses = run_.options.source_addresses;
  return addresses.empty() ? nullptr : &addresses[bot % addresses.size()];
}

std::span<std::byte> BotShard::Encode(const Outgoing& outgoing) {
  const std::span<const Value> arguments(arguments_.data(), outgoing.arguments.size());
  const std::span<std::byte> room =
      shard_.send_buffers().Open(outgoing.content.BytesMax(arguments));
  const std::size_t bytes = outgoing.content.Encode(room, arguments);
  if (bytes == 0) shard_.send_buffers().Close(0);
  return room.first(bytes);
}

servercore::SendBuffer BotShard::Finish(std::span<std::byte> packet, BotSession& session,
                                        std::uint32_t correlation) {
  if (session.is_wrapped()) [[unlikely]]
    return static_cast<WrappedSession&>(session).Wrap(packet, correlation);
  return shard_.send_buffers().Close(packet.size());
}

std::span<std::byte> BotShard::RoomFor(PacketRoom purpose, std::size_t bytes) {
  std::vector<std::byte>& room = packet_rooms_[static_cast<std::size_t>(purpose)];
  if (room.size() < bytes) room.resize(bytes);
  return std::span(room).first(bytes);
}

std::uint32_t BotShard::ArriveAt(std::size_t point, Bot& bot, std::uint8_t position) {
  run_.desk_shard.Post([desk = run_.desk.get(), at = &run_.desk_shard, point, shard = index_] {
    desk->Arrive(point, shard, at->now());
  });
  return waiting_[point].Add(bot, position);
}

void BotShard::LeaveFrom(std::size_t point, std::uint32_t arrival) {
  waiting_[point].Remove(arrival);
  run_.desk_shard.Post([desk = run_.desk.get(), point, shard = index_, arrival] {
    desk->Leave(point, shard, arrival);
  });
}

void BotShard::ReleaseRendezvous(std::size_t point, std::uint32_t upto, Clock::time_point at) {
  const std::vector<WaitingBots::Waiting> met = waiting_[point].Take(upto);
  for (const WaitingBots::Waiting& waiting : met) waiting.bot->Meet(waiting.position, at);
  for (const WaitingBots::Waiting& waiting : met) waiting.bot->GoOn();
}

void BotShard::OnBotFinished() {
  --bots_left_;
  FinishIfDone();
}

void BotShard::FinishIfDone() {
  if (bots_left_ > 0 || finished_) return;
  finished_ = true;
  shard_.timers().Cancel(*this);
  events_.Stop();
  if (fanouts_ != nullptr) fanouts_->Finish();
  // Through the inbox: whoever finished last is still counting into the frame.
  shard_.Post([this] {
    // Also when no time has passed since the last one: something may have been counted.
    DeliverFrame(std::max(shard_.port().Now(), interval_from_));
    run_.collector.FinishShard(index_);
    run_.board.FinishShard(index_);
    run_.shards_running.fetch_sub(1, std::memory_order_release);
  });
}

}  // namespace stressbot
