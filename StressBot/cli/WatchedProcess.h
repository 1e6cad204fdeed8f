#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/cli/ProcessMeter.h"
#include "StressBot/engine/Program.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A process that somebody else started and that we watch and measure. Thread: the main one.
class WatchedProcess {
 public:
  /// Nothing when there is no such process, or it may not be looked at: `error` is a sentence then.
  static std::optional<WatchedProcess> Find(std::string name, std::int64_t pid, std::string& error);

  const std::string& name() const { return name_; }
  /// Its series; those of a server of the program, if it has the name of one.
  void Register(const Program& program, const EngineMetrics& metrics, MetricsCatalog& catalog);

  /// True once it has ended; `run_time` is noted for the report. Another process that got its
  /// number is not taken for it.
  bool HasEnded(std::chrono::nanoseconds run_time);
  void SetGauges(MetricsFrame& frame);
  /// Why the run failed because of it: it ended. Empty otherwise.
  std::string Complaint() const;
  void Describe(ServerReport& report) const;

 private:
  WatchedProcess(std::string name, std::int64_t pid, std::uint64_t birth)
      : name_(std::move(name)), pid_(pid), birth_(birth) {}

  std::string name_;
  std::int64_t pid_;
  std::uint64_t birth_;  ///< see ReadProcessBirth
  WatchedServerMetrics ids_;
  ProcessMeter meter_;
  std::optional<std::chrono::nanoseconds> ended_at_;
};

/// The processes that were asked for, each with a name of its own. One without a name is called
/// after the only server of the program, unless that has a process already, and else "pid 4711".
/// `taken` are names of servers whose process is watched already. Each mistake is a sentence.
std::vector<WatchedProcess> FindWatched(const std::vector<WatchRequest>& requests,
                                        const Program& program, std::vector<std::string> taken,
                                        std::vector<std::string>& mistakes);

}  // namespace stressbot
