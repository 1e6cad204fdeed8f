#include "tests/engine/SimRun.h"

#include "ServerCore/Assert.h"

namespace stressbot::testing {

servercore::SimOptions ExactNetwork(std::uint64_t seed) {
  servercore::SimOptions options;
  options.seed = seed;
  options.latency_min = options.latency_max = kRoundTrip / 2;
  return options;
}

SimRun::SimRun(Program program, SimRunOptions options)
    : world_(options.network),
      group_(world_.AddProcess(options.shards)),
      program_(std::move(program)) {
  for (Server& server : program_.servers) {
    servers_.push_back(std::make_unique<ScriptedServer>(world_, options.protocol));
    server.address = servers_.back()->address();
  }
  metrics_ = std::make_unique<EngineMetrics>(program_, options.shards, catalog_);
  totals_ = std::make_unique<RunMetrics>(catalog_);
  run_ = std::make_unique<LoadRun>(group_, program_, catalog_, *metrics_, options.load);
}

SimRun::~SimRun() {
  if (!run_->Finished()) {
    run_->RequestStop(Nanoseconds(0));
    SC_ASSERT(world_.RunUntil([this] { return run_->Finished(); }, std::chrono::minutes(1)));
  }
  for (const auto& server : servers_) server->StopListening();
  world_.Close();
}

void SimRun::Start() { run_->Start(); }

void SimRun::RunFor(Nanoseconds time) {
  world_.RunFor(time);
  TakeIntervals();
}

bool SimRun::Finish() {
  const bool finished = world_.RunUntil([this] { return run_->Finished(); }, std::chrono::hours(1));
  TakeIntervals();
  return finished;
}

void SimRun::TakeIntervals() {
  while (std::optional<MetricsInterval> interval = run_->TakeInterval()) {
    intervals_.push_back({interval->from, interval->to, interval->phase});
    totals_->Add(*interval);
    run_->GiveBack(std::move(interval->frame));
  }
}

std::uint64_t SimRun::Counter(std::string_view metric, const Tags& tags) const {
  const Selection found = Select(catalog_, totals_->whole(), metric, tags);
  SC_ASSERT(found.known);
  return found.count;
}

MetricsFrame::RateCount SimRun::Rate(std::string_view metric, const Tags& tags) const {
  const Selection found = Select(catalog_, totals_->whole(), metric, tags);
  SC_ASSERT(found.known);
  return found.rate;
}

Histogram SimRun::Trend(std::string_view metric, const Tags& tags) const {
  Selection found = Select(catalog_, totals_->whole(), metric, tags);
  SC_ASSERT(found.known);
  return std::move(found.trend);
}

double SimRun::Gauge(std::string_view metric, const Tags& tags) const {
  const Selection found = Select(catalog_, totals_->whole(), metric, tags);
  SC_ASSERT(found.known);
  return found.gauge_value;
}

std::vector<std::string> SimRun::Failures(std::string_view metric) const {
  std::vector<std::string> texts;
  for (const FailureLog::Entry& entry : run_->failures().Entries()) {
    if (entry.metric == metric) texts.push_back(entry.text);
  }
  return texts;
}

}  // namespace stressbot::testing
