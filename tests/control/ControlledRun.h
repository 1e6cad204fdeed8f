#pragma once
#include "StressBot/control/RunControl.h"
#include "tests/engine/SimRun.h"

namespace stressbot::testing {

/// A run in simulated time that is steered by a RunControl, as the driver does it.
class ControlledRun {
 public:
  explicit ControlledRun(Program program, std::size_t shards = 1)
      : run_(program, {.shards = shards}),
        program_(std::move(program)),
        metrics_(run_.catalog()),
        control_(program_, metrics_) {}
  ~ControlledRun() { control_.End(); }

  void Begin() {
    run_.Start();
    control_.Begin(run_.load());
  }
  /// An interval with 7 active bots in each group, and ten of each request.
  void Take(std::chrono::seconds from) {
    MetricsInterval interval{from, from + std::chrono::seconds(1), Phase::kLoad,
                             MetricsFrame(run_.catalog())};
    for (const std::uint32_t index : FindSeries(run_.catalog(), "request_duration", {}).indexes)
      interval.frame.Record(TrendId{index}, 1'600'000);
    for (const std::uint32_t index : FindSeries(run_.catalog(), "requests", {}).indexes)
      interval.frame.Add(CounterId{index}, 10);
    for (const Group& group : program_.groups) {  // all in one step
      const Tags active{{"group", group.name}, {"state", "active"}};
      interval.frame.Set(GaugeId{FindSeries(run_.catalog(), "bots", active).indexes.at(0)}, 7);
    }
    control_.Add(interval);
    control_.Keep(std::move(interval));
  }
  SimRun& run() { return run_; }
  RunControl& control() { return control_; }

 private:
  SimRun run_;
  const Program program_;
  RunMetrics metrics_;
  RunControl control_;
};

inline Program PlayersAndVisitors() {
  Group players =
      Constant(LoginEnterChat(std::chrono::milliseconds(100)), 20, std::chrono::seconds(10));
  Group visitors =
      Arriving(Flow().Connect().Request(Login()).Build(), 10, std::chrono::seconds(10), 30);
  return ProgramOf({players, visitors});
}

}  // namespace stressbot::testing
