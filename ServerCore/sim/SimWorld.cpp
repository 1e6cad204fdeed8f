#include "ServerCore/sim/SimWorld.h"

#include <algorithm>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/io/backends/SimPort.h"

namespace servercore {

namespace {
/// So many turns without time moving are shards that give each other work for ever.
constexpr std::uint64_t kTurnsAtOnceMax = 10'000'000;
constexpr Clock::duration kResetTakes = std::chrono::seconds(10);
}  // namespace

SimWorld::SimWorld(SimOptions network)
    : network_(network), random_(network.seed ^ 0x5eed0f7475726e73U) {}

SimWorld::~SimWorld() {
  if (!IsIdle()) Close();
}

ShardGroup& SimWorld::AddProcess(std::size_t shards) {
  std::vector<std::unique_ptr<CompletionPort>> ports;
  std::vector<SimPort*> sim_ports;
  for (std::size_t i = 0; i < shards; ++i) {
    auto port = std::make_unique<SimPort>(network_);
    sim_ports.push_back(port.get());
    ports.push_back(std::move(port));
  }
  ShardGroup& group = *processes_.emplace_back(std::make_unique<ShardGroup>(std::move(ports)));
  for (std::size_t i = 0; i < shards; ++i) {
    runners_.push_back({.shard = &group.shard(i), .port = sim_ports[i], .cpu = {}});
  }
  return group;
}

void SimWorld::RunFor(Clock::duration duration) {
  const Clock::time_point until = Now() + duration;
  while (Step(until)) {
  }
}

bool SimWorld::RunUntil(const std::function<bool()>& done, Clock::duration at_most) {
  const Clock::time_point until = Now() + at_most;
  while (!done()) {
    if (!Step(until)) return done();
  }
  return true;
}

void SimWorld::SetCpu(Shard& shard, SimCpu cpu) { RunnerOf(shard).cpu = cpu; }

void SimWorld::Spend(Shard& shard, Clock::duration cpu) {
  Runner& runner = RunnerOf(shard);
  runner.busy_until = std::max(runner.busy_until, Now()) + cpu;
}

SimWorld::Runner& SimWorld::RunnerOf(Shard& shard) {
  const auto found =
      std::ranges::find_if(runners_, [&](const Runner& runner) { return runner.shard == &shard; });
  SC_ASSERT(found != runners_.end());
  return *found;
}

Clock::time_point SimWorld::AwakeAt(const Runner& runner) const {
  // What others leave for it counts only once they wake it, as for a thread that sleeps in Wait.
  // Its timers count at once: a test may set them from outside.
  const bool now = !runner.sleeps || runner.port->runnable() || runner.shard->HasOwnWork();
  return now ? Now() : std::min(runner.wake_at, runner.shard->timers().NextDue());
}

Clock::time_point SimWorld::WantsTurnAt(const Runner& runner) const {
  return std::max(AwakeAt(runner), runner.busy_until);
}

Clock::time_point SimWorld::NextTime() const {
  Clock::time_point next = network_.NextEventTime().value_or(Clock::time_point::max());
  for (const Runner& runner : runners_) next = std::min(next, WantsTurnAt(runner));
  return std::max(next, Now());
}

bool SimWorld::Step(Clock::time_point until) {
  network_.DeliverDue();
  ready_.clear();
  for (Runner& runner : runners_) {
    if (WantsTurnAt(runner) <= Now()) ready_.push_back(&runner);
  }
  if (!ready_.empty()) {
    TakeTurn(*ready_[random_.UpTo(ready_.size() - 1)]);
    return true;
  }
  CheckNobodyOversleeps();
  const Clock::time_point next = NextTime();
  turns_at_once_ = 0;
  network_.AdvanceTo(std::min(next, until));
  return next <= until;
}

void SimWorld::TakeTurn(Runner& runner) {
  SC_ASSERT(++turns_at_once_ < kTurnsAtOnceMax);
  const std::uint64_t before = runner.shard->events();
  if (!runner.sleeps) runner.wake_at = runner.shard->BeginTurn(Clock::time_point::max());
  runner.sleeps = true;
  if (WantsTurnAt(runner) <= Now()) {
    runner.shard->FinishTurn(runner.wake_at);
    runner.sleeps = false;
  }
  const std::uint64_t events = runner.shard->events() - before;
  trace_hash_ = (trace_hash_ ^ (runner.shard->index() + (events << 16))) * 0x100000001b3U;
  // An idle look costs nothing, or a charged shard would never be idle.
  if (events > 0 && (runner.cpu.per_turn.count() > 0 || runner.cpu.per_event.count() > 0)) {
    const auto count = static_cast<Clock::duration::rep>(events);
    Spend(*runner.shard, runner.cpu.per_turn + runner.cpu.per_event * count);
  }
}

/// Time is about to move, so whoever is awake has finished or is busy: work that is left was given
/// to a shard that nobody woke.
void SimWorld::CheckNobodyOversleeps() const {
  for (const Runner& runner : runners_) {
    if (runner.busy_until > Now()) continue;
    const Shard& shard = *runner.shard;
    SC_ASSERT(shard.InboxIsEmpty() && !shard.HasOwnWork());
    // One who is awake, though busy, is enough for the whole group.
    SC_ASSERT(shard.global_queue().empty() || SomebodyIsAwake(shard.global_queue()));
  }
}

bool SimWorld::SomebodyIsAwake(const GlobalQueue& of_group) const {
  return std::ranges::any_of(runners_, [&](const Runner& runner) {
    return &runner.shard->global_queue() == &of_group && AwakeAt(runner) <= Now();
  });
}

bool SimWorld::IsIdle() const {
  return std::ranges::all_of(processes_, [](const auto& process) { return process->IsIdle(); });
}

void SimWorld::Close(Clock::duration deadline) {
  for (const auto& process : processes_) {
    process->CancelJobTimers();
    process->CloseSessions(CloseKind::kOrderly);
  }
  if (!RunUntil([this] { return IsIdle(); }, deadline)) {
    for (const auto& process : processes_) process->CloseSessions(CloseKind::kReset);
    RunUntil([this] { return IsIdle(); }, kResetTakes);
  }
  for (const auto& process : processes_) {
    for (std::size_t i = 0; i < process->size(); ++i) process->shard(i).send_buffers().Drop();
    SC_ASSERT(process->IsIdle());
    SC_ASSERT(process->job_timer_count() == 0);
    SC_ASSERT(process->send_buffers().chunks_in_use() == 0);
  }
  for (const Runner& runner : runners_) SC_ASSERT(runner.port->events_in_flight() == 0);
}

}  // namespace servercore
