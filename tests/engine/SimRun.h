#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "StressBot/engine/LoadRun.h"
#include "tests/engine/FlowBuilder.h"
#include "tests/engine/ScriptedServer.h"

namespace stressbot::testing {

/// A network whose way takes exactly 100 us: connecting and a round trip take 200 us.
servercore::SimOptions ExactNetwork(std::uint64_t seed = 1);
inline constexpr std::chrono::microseconds kRoundTrip{200};

struct SimRunOptions {
  std::size_t shards = 1;
  servercore::SimOptions network = ExactNetwork();
  LoadOptions load{};
  /// What the scripted servers speak; the program's servers must too.
  std::shared_ptr<const Protocol> protocol = ChatProtocol();
};

/// A program run against scripted servers in simulated time, and what it measured.
class SimRun {
 public:
  explicit SimRun(Program program, SimRunOptions options = {});
  /// Ends what still runs, and asserts that nothing is left over.
  ~SimRun();

  void Start();
  void RunFor(Nanoseconds time);
  /// Until the run has finished, at most an hour. False if it has not.
  bool Finish();

  ScriptedServer& server(std::size_t index = 0) { return *servers_[index]; }
  servercore::SimWorld& world() { return world_; }
  servercore::Shard& shard(std::size_t index = 0) { return group_.shard(index); }
  LoadRun& load() { return *run_; }
  const MetricsCatalog& catalog() const { return catalog_; }

  struct Interval {
    Nanoseconds from{}, to{};
    Phase phase{};
  };
  const std::vector<Interval>& intervals() const { return intervals_; }

  // Of the whole run so far, deliveries of this moment included; `tags` must all be there.
  std::uint64_t Counter(std::string_view metric, const Tags& tags = {}) const;
  MetricsFrame::RateCount Rate(std::string_view metric, const Tags& tags = {}) const;
  Histogram Trend(std::string_view metric, const Tags& tags = {}) const;
  double Gauge(std::string_view metric, const Tags& tags = {}) const;
  const RunMetrics& metrics() const { return *totals_; }
  std::vector<std::string> Failures(std::string_view metric) const;

 private:
  void TakeIntervals();

  servercore::SimWorld world_;
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
  servercore::ShardGroup& group_;
  Program program_;
  MetricsCatalog catalog_;
  std::unique_ptr<EngineMetrics> metrics_;
  std::unique_ptr<RunMetrics> totals_;
  std::unique_ptr<LoadRun> run_;
  std::vector<Interval> intervals_;
};

}  // namespace stressbot::testing
