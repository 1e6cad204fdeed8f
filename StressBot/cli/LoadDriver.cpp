#include "StressBot/cli/LoadDriver.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "StressBot/metrics/Format.h"
#include "StressBot/system/ProcessStats.h"

namespace stressbot {

LoadDriver::LoadDriver(const RunPlan& plan, LoadRun& run, RunMetrics& metrics,
                       servercore::StopSignals& signals, ServerSupervisor* server,
                       ProgressPrinter* progress)
    : plan_(plan),
      run_(run),
      metrics_(metrics),
      signals_(signals),
      server_(server),
      progress_(progress) {}

bool LoadDriver::Drive() {
  run_.Start();
  give_up_at_ = Clock::now() + LongestRun();
  while (!run_.Finished() && !WaitedLongEnough()) {
    try {
      LookAround();
    } catch (const std::exception& error) {
      facts_.internal_error = std::string("internal error: ") + error.what();
      Stop(Nanoseconds::zero(), facts_.internal_error);
    }
  }
  TakeIntervals();
  JudgeEnd();
  return run_.Finished();
}

void LoadDriver::LookAround() {
  constexpr std::chrono::milliseconds kLookEvery{50};
  ObserveSignals(signals_.WaitFor(kLookEvery));
  TakeIntervals();
  ObserveServer();
  if (run_.abort_requested() && facts_.aborted.empty()) {
    facts_.aborted = "a step of the scenario said abort-run at " + FormatSpan(run_.Elapsed());
    Stop(Nanoseconds::zero(), facts_.aborted);
  }
}

void LoadDriver::TakeIntervals() {
  while (std::optional<MetricsInterval> interval = run_.TakeInterval()) {
    Observe(std::move(*interval));
  }
}

void LoadDriver::Observe(MetricsInterval interval) {
  const auto own = ReadProcessStats(OwnProcessId());
  const std::uint64_t memory = own ? own->memory_bytes : 0;
  memory_bytes_peak_ = std::max(memory_bytes_peak_, memory);
  interval.frame.Set(plan_.metrics.generator_memory, static_cast<double>(memory));
  if (server_ != nullptr) server_->SetGauges(plan_.metrics, interval.frame);
  metrics_.Add(interval);
  if (progress_ != nullptr) progress_->Show(interval, metrics_);
  if (!run_.stopping()) NoteTrouble(watch_.Observe(interval, plan_.catalog));
  run_.GiveBack(std::move(interval.frame));
}

void LoadDriver::ObserveSignals(int signals) {
  if (signals <= signals_seen_) return;
  signals_seen_ = signals;
  if (!interrupted_at_) {
    interrupted_at_ = Clock::now();
    facts_.interrupted = "interrupted by Ctrl-C or SIGTERM at " + FormatSpan(run_.Elapsed());
    Stop(kInterruptGrace, "stopping within 3 s; once more stops at once");
  } else {
    Stop(Nanoseconds::zero(), "stopping at once");
  }
}

void LoadDriver::ObserveServer() {
  if (server_ == nullptr || !facts_.server_complaint.empty()) return;
  if (!server_->HasDied(run_.Elapsed())) return;
  facts_.server_complaint = server_->Complaint();
  Stop(Nanoseconds::zero(), facts_.server_complaint);
}

void LoadDriver::Stop(Nanoseconds grace, const std::string& why) {
  events_.push_back({run_.Elapsed(), why});
  if (progress_ != nullptr) progress_->Say(FormatSpan(run_.Elapsed()) + "  " + why);
  run_.RequestStop(grace);
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(grace) + kEndingMax;
  give_up_at_ = std::min(give_up_at_, until);
  if (interrupted_at_) give_up_at_ = std::min(give_up_at_, *interrupted_at_ + kInterruptMax);
}

/// Of a run that ends by itself: beyond it bots hang.
LoadDriver::Clock::duration LoadDriver::LongestRun() const {
  Nanoseconds grace{};
  for (const Group& group : plan_.program.groups) grace = std::max(grace, group.graceful_stop);
  return std::chrono::duration_cast<Clock::duration>(plan_.program.LoadDuration() + grace +
                                                     kEndingMax + kSlack);
}

void LoadDriver::NoteTrouble(TargetWatch::Trouble trouble) {
  if (trouble == TargetWatch::Trouble::kNone) return;
  const std::string what = watch_.Explain(trouble, FirstConnectFailure());
  (trouble == TargetWatch::Trouble::kLost ? facts_.target_lost : facts_.nothing_worked) = what;
  Stop(Nanoseconds::zero(), what);
}

std::string LoadDriver::FirstConnectFailure() const {
  for (const FailureLog::Entry& entry : run_.failures().Entries()) {
    if (entry.metric == "connects_failed") return entry.text;
  }
  return {};
}

bool LoadDriver::WaitedLongEnough() const { return Clock::now() >= give_up_at_; }

void LoadDriver::JudgeEnd() {
  if (!run_.Finished() && interrupted_at_) {
    events_.push_back({run_.Elapsed(), "some connections did not end in time and were cut"});
  } else if (!run_.Finished() && facts_.internal_error.empty()) {
    facts_.internal_error = "internal error: some bots did not end in time";
  }
  if (run_.stopping() || !facts_.nothing_worked.empty()) return;
  if (const auto trouble = watch_.AtEnd(); trouble != TargetWatch::Trouble::kNone) {
    facts_.nothing_worked = watch_.Explain(trouble, FirstConnectFailure());
  } else if (run_.Elapsed() < plan_.program.LoadDuration()) {
    // Bots of closed groups end before the load does only when a step said stop-bot.
    facts_.nothing_worked = "every bot was stopped by stop-bot before " +
                            FormatSpan(plan_.program.LoadDuration()) + " were over";
  }
}

std::optional<std::chrono::milliseconds> LoadDriver::SinceInterrupt() const {
  if (!interrupted_at_) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *interrupted_at_);
}

}  // namespace stressbot
