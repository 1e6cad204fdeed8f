#include "StressBot/control/RunControl.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/metrics/Format.h"

/// The driver's side, and what the run is now. What is done with commands is in
/// RunControlCommands.cpp.
namespace stressbot {

RunControl::RunControl(const Program& program, RunMetrics& metrics)
    : program_(program), metrics_(metrics) {
  for (const Group& group : program_.groups) {
    targets_.push_back({GroupSchedule(group), std::nullopt});
    if (group.arrivals) targets_.back().arrivals.emplace(*group.arrivals);
  }
}

void RunControl::Begin(LoadRun& run) {
  const std::lock_guard lock(mutex_);
  run_ = &run;
}

void RunControl::NoteStopping() {
  const std::lock_guard lock(mutex_);
  if (run_ != nullptr) GoOn(run_->Elapsed());  // who leaves does not stand still
  stopping_ = true;
}

void RunControl::End() {
  const std::lock_guard lock(mutex_);
  ended_at_ = Elapsed();
  GoOn(ended_at_);
  run_ = nullptr;
  over_ = true;
}

Nanoseconds RunControl::GoOn(Nanoseconds at) {
  if (clock_.paused()) pauses_.back().to = at;
  return clock_.Resume(at);
}

void RunControl::Add(const MetricsInterval& interval) {
  const std::lock_guard lock(mutex_);
  metrics_.Add(interval);
}

std::optional<MetricsFrame> RunControl::Keep(MetricsInterval interval) {
  const RunFigures figures = FiguresOf(interval, metrics_.catalog());
  const std::lock_guard lock(mutex_);
  figures_ = figures;
  ++intervals_;
  std::optional<MetricsFrame> before;
  if (newest_) before = std::move(newest_->frame);
  newest_ = std::move(interval);
  return before;
}

std::vector<RunControl::Note> RunControl::TakeNotes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

RunControl::Ending RunControl::wanted_ending() const {
  const std::lock_guard lock(mutex_);
  return ending_;
}

bool RunControl::changed() const {
  const std::lock_guard lock(mutex_);
  return changed_;
}

bool RunControl::paused() const {
  const std::lock_guard lock(mutex_);
  return clock_.paused();
}

std::chrono::nanoseconds RunControl::held() const {
  const std::lock_guard lock(mutex_);
  return Elapsed() - LoadTime();
}

std::vector<LoadPause> RunControl::pauses() const {
  const std::lock_guard lock(mutex_);
  std::vector<LoadPause> pauses = pauses_;
  if (clock_.paused()) pauses.back().to = Elapsed();
  return pauses;
}

DropOrder RunControl::OrderOf(const Firing& firing) const {
  const std::lock_guard lock(mutex_);
  SC_ASSERT(firing.number < drops_.size());
  return drops_[firing.number];
}

RunStatus RunControl::Status() const {
  const std::lock_guard lock(mutex_);
  return StatusNow();
}

void RunControl::Read(const std::function<void(const View&)>& look) const {
  const std::lock_guard lock(mutex_);
  look({program_, metrics_, newest_ ? &*newest_ : nullptr, StatusNow(), intervals_});
}

Nanoseconds RunControl::Elapsed() const { return run_ != nullptr ? run_->Elapsed() : ended_at_; }

bool RunControl::IsOver(std::uint16_t group) const {
  return LoadTime() >= targets_[group].bots.end();
}

double RunControl::TargetOf(std::uint16_t group) const {
  const Target& target = targets_[group];
  if (run_ == nullptr || stopping_) return 0;
  if (!target.arrivals) return target.bots.BotsAt(LoadTime());
  return target.arrivals->RateAt(LoadTime() - program_.groups[group].start_time);
}

RunState RunControl::State() const {
  if (over_) return RunState::kOver;
  if (run_ == nullptr) return RunState::kStarting;
  if (stopping_ || LoadTime() >= program_.LoadDuration()) return RunState::kStopping;
  return clock_.paused() ? RunState::kPaused : RunState::kRunning;
}

RunStatus RunControl::StatusNow() const {
  RunStatus status;
  status.scenario = program_.name;
  status.state = State();
  if (newest_) status.phase = newest_->phase;
  status.elapsed = Elapsed();
  status.load_time = LoadTime();
  status.planned = program_.LoadDuration();
  status.changed = changed_;
  status.newest = figures_;
  for (std::uint16_t i = 0; i < GroupCount(); ++i) {
    const Group& group = program_.groups[i];
    GroupStatus now{group.name, group.arrivals.has_value(), group.BotsPossible(), TargetOf(i), {}};
    now.can_change = group.iterations == 0;
    for (std::size_t state = 0; newest_ && state < kBotStateNames.size(); ++state) {
      const Tags tags{{"group", group.name}, {"state", std::string(kBotStateNames[state])}};
      now.bots_in[state] = static_cast<std::uint32_t>(
          Select(metrics_.catalog(), newest_->frame, "bots", tags).gauge_value);
    }
    status.groups.push_back(std::move(now));
  }
  return status;
}

}  // namespace stressbot
