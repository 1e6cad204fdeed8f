#include "StressBot/cli/LoadDriver.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "StressBot/cli/EventText.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/system/ProcessStats.h"

namespace stressbot {

LoadDriver::LoadDriver(const RunPlan& plan, LoadRun& run, RunControl& control,
                       const RunMetrics& metrics, servercore::StopRequests& stops, Company company)
    : plan_(plan),
      run_(run),
      control_(control),
      metrics_(metrics),
      stops_(stops),
      server_(company.server),
      observer_(company.observer),
      scraper_(company.scraper),
      watched_(plan.watched),
      thresholds_(plan.thresholds) {
  if (server_ != nullptr) orders_.emplace(*server_, plan_.program);
}

bool LoadDriver::Drive() {
  run_.Start();
  control_.Begin(run_);
  begun_at_ = Clock::now();
  while (!run_.Finished() && !WaitedLongEnough()) {
    try {
      LookAround();
    } catch (const std::exception& error) {
      facts_.internal_error = std::string("internal error: ") + error.what();
      Stop(Nanoseconds::zero(), facts_.internal_error);
    }
  }
  TakeIntervals();
  ObserveEvents();
  ObserveControl();
  control_.End();
  TellDeath();
  JudgeEnd();
  return run_.Finished();
}

void LoadDriver::LookAround() {
  constexpr std::chrono::milliseconds kLookEvery{50};
  constexpr std::chrono::milliseconds kEventsEvery{5};  // else the server would be late for its own
  ObserveStops(stops_.WaitFor(plan_.program.events.empty() ? kLookEvery : kEventsEvery));
  if (observer_ != nullptr) observer_->OnLook();
  ObserveControl();
  TakeIntervals();
  ObserveProcesses();
  ObserveEvents();
  TellMarks();
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
  // Without a free descriptor it cannot be read, and stays what it was.
  if (const auto own = ReadProcessStats(OwnProcessId())) memory_bytes_ = own->memory_bytes;
  memory_bytes_peak_ = std::max(memory_bytes_peak_, memory_bytes_);
  interval.frame.Set(plan_.metrics.generator_memory, static_cast<double>(memory_bytes_));
  if (server_ != nullptr) server_->SetGauges(plan_.metrics, interval.frame);
  for (WatchedProcess& process : watched_) process.SetGauges(interval.frame);
  if (!died_at_) last_moments_.Observe(interval, plan_.catalog);
  if (scraper_ != nullptr) ObserveScraper(interval.frame);
  control_.Add(interval);
  busy_shards_.Observe(interval, plan_.catalog);
  ObserveThresholds(interval);
  if (observer_ != nullptr) observer_->OnInterval(interval, {control_.paused(), control_.held()});
  if (!run_.stopping()) {
    const TargetWatch::Trouble trouble = watch_.Observe(interval, plan_.catalog);
    if (control_.paused()) {
      watch_.Forgive(run_.Elapsed());  // it is not asked
    } else {
      NoteTrouble(trouble);
    }
  }
  if (auto before = control_.Keep(std::move(interval))) run_.GiveBack(std::move(*before));
}

/// One with abortOnFail ends the run at once, once it has failed.
void LoadDriver::ObserveThresholds(const MetricsInterval& interval) {
  const bool had_failed = thresholds_.aborting() != nullptr;
  thresholds_.Observe(interval, metrics_);
  const ThresholdResult* failed = thresholds_.aborting();
  if (failed == nullptr || had_failed) return;
  const std::string why = "a threshold with abortOnFail failed: " + failed->threshold.metric + " " +
                          Describe(failed->threshold);
  if (!run_.stopping()) Stop(Nanoseconds::zero(), why);
}

void LoadDriver::ObserveStops(int stops) {
  if (stops <= stops_seen_) return;
  stops_seen_ = stops;
  if (!interrupted_at_) {
    interrupted_at_ = Clock::now();
    facts_.interrupted = "interrupted by Ctrl-C or SIGTERM at " + FormatSpan(run_.Elapsed());
    Stop(kInterruptGrace, "stopping within 3 s; once more stops at once");
  } else {
    Stop(Nanoseconds::zero(), "stopping at once");
    give_up_at_ = std::min<Clock::time_point>(give_up_at_, Clock::now() + kHurriedMax);
  }
}

/// What was asked for by hand: the shards have it already, but for an end.
void LoadDriver::ObserveControl() {
  for (const RunControl::Note& note : control_.TakeNotes()) NoteIfRoom({note.at, note.text, {}});
  const RunControl::Ending wanted = control_.wanted_ending();
  if (wanted == RunControl::Ending::kAbort && facts_.aborted.empty()) {
    facts_.aborted = "aborted by hand at " + FormatSpan(run_.Elapsed());
    Stop(Nanoseconds::zero(), facts_.aborted);
  } else if (wanted == RunControl::Ending::kStop && !run_.stopping()) {
    ended_by_hand_ = true;
    Stop(std::nullopt, "ended by hand, as if its time were over");
  }
}

void LoadDriver::ObserveProcesses() {
  if (!facts_.server_complaint.empty()) return;
  if (server_ != nullptr && server_->HasDied(run_.Elapsed()))
    facts_.server_complaint = server_->Complaint();
  for (WatchedProcess& process : watched_) {
    if (process.HasEnded(run_.Elapsed()) && facts_.server_complaint.empty())
      facts_.server_complaint = process.Complaint();
  }
  if (facts_.server_complaint.empty()) return;
  died_at_ = run_.Elapsed();
  Stop(Nanoseconds::zero(), facts_.server_complaint);
}

/// At the end, since shards tell late what happened before it.
void LoadDriver::TellDeath() {
  if (died_at_) facts_.server_complaint += "; " + last_moments_.Describe(*died_at_, events());
}

void LoadDriver::ObserveScraper(MetricsFrame& frame) {
  scraper_->SetMetrics(*plan_.scraped, frame);
  if (auto complaint = scraper_->TakeComplaint()) Note({run_.Elapsed(), std::move(*complaint), {}});
}

void LoadDriver::ObserveEvents() {
  for (const Occurrence& occurrence : run_.TakeOccurrences()) {
    if (occurrence.firing.event == Firing::kByHand) {
      const DropOrder order = control_.OrderOf(occurrence.firing);
      NoteIfRoom(
          {occurrence.at, DescribeDrop(plan_.program, order, occurrence.bots), occurrence.bots});
      continue;
    }
    const Event& event = plan_.program.events[occurrence.firing.event];
    std::optional<std::uint64_t> bots;
    if (std::holds_alternative<DropOrder>(event.order)) bots = occurrence.bots;
    std::optional<Nanoseconds> excused_until;
    if (event.excuses > Nanoseconds::zero()) excused_until = occurrence.at + event.excuses;
    NoteIfRoom({occurrence.at, DescribeOccurrence(plan_.program, occurrence), bots, excused_until});
    const auto* order = std::get_if<ServerOrder>(&event.order);
    if (order != nullptr && orders_ && !run_.stopping()) orders_->Take(*order);
  }
  if (orders_ && !run_.stopping()) AdvanceOrders();
}

void LoadDriver::AdvanceOrders() {
  const ServerOrders::News news = orders_->Advance();
  for (const std::string& text : news.said) Note({run_.Elapsed(), text, {}});
  for (const MoveServer& move : news.moves) run_.Post(move);
  if (!orders_->IsServing()) watch_.Forgive(run_.Elapsed());
  if (news.complaint.empty()) return;
  facts_.server_complaint = news.complaint;
  Stop(Nanoseconds::zero(), news.complaint);
}

void LoadDriver::NoteIfRoom(RunEvent event) {
  if (events_.size() < kEventsMax) {
    Note(std::move(event));
  } else {
    ++events_unlisted_;
  }
}

void LoadDriver::Note(RunEvent event) {
  Tell(event.at, event.text);
  // What the shards report comes a little later than it was.
  const auto later = std::find_if(events_.rbegin(), events_.rend(),
                                  [&](const RunEvent& other) { return other.at <= event.at; });
  events_.insert(later.base(), std::move(event));
}

void LoadDriver::Tell(Nanoseconds at, const std::string& text) const {
  if (observer_ != nullptr) observer_->OnNews(FormatSpan(at) + "  " + text);
}

/// As they come; how often a mark was set is known at the end.
void LoadDriver::TellMarks() {
  const std::vector<MarkLog::Entry> marks = run_.marks().Entries();
  for (; marks_told_ < marks.size(); ++marks_told_) {
    const MarkLog::Entry& mark = marks[marks_told_];
    Tell(mark.first, "mark " + plan_.program.marks[mark.mark]);
  }
}

std::vector<RunEvent> LoadDriver::events() const {
  std::vector<RunEvent> events = events_;
  for (const MarkLog::Entry& mark : run_.marks().Entries()) {
    std::string text = "mark " + plan_.program.marks[mark.mark];
    if (mark.count > 1)
      text += ", " + FormatCount(mark.count) + " times until " + FormatSpan(mark.last);
    events.push_back({mark.first, std::move(text), {}});
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const RunEvent& a, const RunEvent& b) { return a.at < b.at; });
  return events;
}

void LoadDriver::Stop(std::optional<Nanoseconds> grace, const std::string& why) {
  Note({run_.Elapsed(), why, {}});
  control_.NoteStopping();
  run_.RequestStop(grace);
  const auto patience =
      std::chrono::duration_cast<Clock::duration>(grace.value_or(LongestGrace() + kSlack));
  const auto until = Clock::now() + patience + kEndingMax;
  give_up_at_ = std::min(give_up_at_, until);
  if (interrupted_at_) give_up_at_ = std::min(give_up_at_, *interrupted_at_ + kInterruptMax);
}

Nanoseconds LoadDriver::LongestGrace() const {
  Nanoseconds grace{};
  for (const Group& group : plan_.program.groups) grace = std::max(grace, group.graceful_stop);
  return grace;
}

/// Of a run that ends by itself: beyond it bots hang.
LoadDriver::Clock::duration LoadDriver::LongestRun() const {
  return std::chrono::duration_cast<Clock::duration>(plan_.program.LoadDuration() + LongestGrace() +
                                                     control_.held() + kEndingMax + kSlack);
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

bool LoadDriver::WaitedLongEnough() const {
  return Clock::now() >= std::min(give_up_at_, begun_at_ + LongestRun());
}

void LoadDriver::JudgeEnd() {
  if (events_unlisted_ > 0) {
    events_.push_back({run_.Elapsed(), FormatCount(events_unlisted_) + " further events", {}});
  }
  if (!run_.Finished() && interrupted_at_) {
    events_.push_back({run_.Elapsed(), "some connections did not end in time and were cut", {}});
  } else if (!run_.Finished() && facts_.internal_error.empty()) {
    facts_.internal_error = "internal error: some bots did not end in time";
  }
  const bool was_stopped = run_.stopping() && !ended_by_hand_;
  if (was_stopped || !facts_.nothing_worked.empty()) return;
  if (const auto trouble = watch_.AtEnd(); trouble != TargetWatch::Trouble::kNone) {
    facts_.nothing_worked = watch_.Explain(trouble, FirstConnectFailure());
  } else if (run_.Elapsed() < plan_.program.LoadDuration() && !ended_by_hand_ &&
             run_.failures().bots_stopped() >= plan_.program.BotsMax()) {
    facts_.nothing_worked = "every bot was stopped by stop-bot before " +
                            FormatSpan(plan_.program.LoadDuration()) + " were over";
  }
}

std::optional<std::chrono::milliseconds> LoadDriver::SinceInterrupt() const {
  if (!interrupted_at_) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *interrupted_at_);
}

}  // namespace stressbot
