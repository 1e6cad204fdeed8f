#include "StressBot/cli/RunSession.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "StressBot/system/ProcessStats.h"

namespace stressbot {

namespace {

using namespace std::chrono_literals;

/// For a server that had not begun to listen when Ctrl-C came.
constexpr std::chrono::seconds kHurriedStop{3};

std::uint64_t OwnMemory() {
  const auto stats = ReadProcessStats(OwnProcessId());
  return stats ? stats->memory_bytes : 0;
}

/// Lets an observer look around while a stop is waited for.
class LookingStops : public servercore::StopRequests {
 public:
  LookingStops(servercore::StopRequests& stops, RunObserver* observer)
      : stops_(stops), observer_(observer) {}
  int WaitFor(std::chrono::milliseconds timeout) override {
    if (observer_ != nullptr) observer_->OnLook();
    return stops_.WaitFor(timeout);
  }

 private:
  servercore::StopRequests& stops_;
  RunObserver* const observer_;
};

}  // namespace

RunSession::RunSession(const Options& options, std::unique_ptr<RunPlan> plan,
                       servercore::StopRequests& stops)
    : options_(options),
      plan_(std::move(plan)),
      stops_(stops),
      metrics_(plan_->catalog),
      control_(plan_->program, metrics_) {
  traces_.started_at = IsoTime();
  traces_.watched = plan_->watched;
}

RunSession::~RunSession() { assert(all_ended_); }

RunResult RunSession::Run(RunObserver* observer) {
  if (!options_.server_command.empty() && MayBegin()) BeginServer(observer);
  if (options_.scrape && MayBegin()) BeginScraper();
  if (MayBegin()) {
    Load(observer);
  } else if (server_ != nullptr) {
    const bool hurried = !traces_.facts.interrupted.empty();
    server_->Stop(hurried ? kHurriedStop : ServerSupervisor::kStopTimeout, stops_);
    if (!hurried) server_->ReadStack(stops_);
  }
  return BuildResult(options_, *plan_, traces_, run_ ? &metrics_ : nullptr, server_.get());
}

bool RunSession::MayBegin() const {
  return traces_.facts.could_not_begin.empty() && traces_.facts.interrupted.empty();
}

void RunSession::BeginServer(RunObserver* observer) {
  std::string error;
  server_ = ServerSupervisor::Start(options_.server_command, error);
  if (server_ == nullptr) {
    traces_.facts.could_not_begin = error;
    return;
  }
  LookingStops stops(stops_, observer);
  switch (server_->WaitUntilReady(plan_->program, stops, error)) {
    case ServerSupervisor::Readiness::kReady:
      break;
    case ServerSupervisor::Readiness::kFailed:
      traces_.facts.could_not_begin = error;
      break;
    case ServerSupervisor::Readiness::kInterrupted:
      traces_.facts.interrupted = "interrupted by Ctrl-C or SIGTERM before the server listened";
      break;
  }
}

void RunSession::BeginScraper() {
  scraper_ = std::make_unique<Scraper>(*options_.scrape);
  std::string error;
  if (scraper_->Begin(stops_, error)) return;
  if (error.empty()) {
    traces_.facts.interrupted = "interrupted by Ctrl-C or SIGTERM before --scrape had an answer";
  } else {
    traces_.facts.could_not_begin = error;
  }
}

void RunSession::Load(RunObserver* observer) {
  traces_.memory_bytes_before = OwnMemory();
  shards_.emplace(servercore::ShardGroup::MakePorts(plan_->shards));
  LoadOptions load;
  load.source_addresses = options_.source_addresses;
  load.targets = {options_.target_mappings, options_.allow_public_target};
  load.names = &names_;
  run_.emplace(*shards_, plan_->program, plan_->catalog, plan_->metrics, load);
  driver_.emplace(*plan_, *run_, control_, metrics_, stops_,
                  LoadDriver::Company{server_.get(), observer, scraper_.get()});
  if (observer != nullptr) observer->OnBegin();
  all_ended_ = false;
  shards_->Start();
  all_ended_ = driver_->Drive();
  traces_.duration = run_->Elapsed();
  names_.Stop();
  if (all_ended_) shards_->Shutdown(0ms);
  if (server_ != nullptr) {
    server_->Stop(ServerStopTimeout(), stops_);
    if (!driver_->SinceInterrupt()) server_->ReadStack(stops_);
  }
  NoteTraces();
  if (server_ != nullptr && traces_.facts.server_complaint.empty())
    traces_.facts.server_complaint = server_->Complaint();
}

/// How long the server may take to end: reports must be on disk 5 s after Ctrl-C.
std::chrono::milliseconds RunSession::ServerStopTimeout() const {
  constexpr std::chrono::milliseconds kServerEnded{4'300};
  const auto since = driver_->SinceInterrupt();
  if (!since) return ServerSupervisor::kStopTimeout;
  return std::max(kServerEnded - *since, std::chrono::milliseconds(200));
}

void RunSession::NoteTraces() {
  traces_.facts = driver_->facts();
  traces_.last_moments = driver_->last_moments();
  traces_.busy_shards = driver_->busy_shards();
  traces_.watched = driver_->watched();
  traces_.pauses = control_.pauses();
  traces_.events = driver_->events();
  traces_.changed_by_hand = control_.changed();
  traces_.thresholds = driver_->JudgeThresholds();
  traces_.failures = run_->failures().Entries();
  traces_.memory_bytes_peak = driver_->memory_bytes_peak();
}

RunResult RunSession::SoFar() {
  traces_.duration = run_->Elapsed();
  NoteTraces();
  return BuildResult(options_, *plan_, traces_, &metrics_, server_.get());
}

std::int64_t RunSession::ServerPid() const { return server_ == nullptr ? 0 : server_->pid(); }

std::vector<OutputLine> RunSession::ServerLines(std::uint64_t from) const {
  return server_ == nullptr ? std::vector<OutputLine>() : server_->Lines(from);
}

}  // namespace stressbot
