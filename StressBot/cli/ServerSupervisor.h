#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Program.h"
#include "StressBot/metrics/MetricsFrame.h"
#include "StressBot/report/RunResult.h"
#include "StressBot/system/ChildProcess.h"
#include "StressBot/system/ProcessStats.h"

namespace stressbot {

/// The server that --server started: waits until it listens, watches that it lives, measures it,
/// and ends it. Thread: the main one.
class ServerSupervisor {
 public:
  static constexpr std::chrono::seconds kReadyTimeout{30};
  static constexpr std::chrono::seconds kStopTimeout{10};

  enum class Readiness : std::uint8_t { kReady, kFailed, kInterrupted };

  /// Null when the program cannot be started; `error` says why.
  static std::unique_ptr<ServerSupervisor> Start(const std::string& command, std::string& error);

  /// Waits until it listens on the ports of the program's servers that it serves: those on
  /// loopback, or the only one. A target of port 0 takes the port on which it listens. kFailed
  /// fills `error` with a sentence.
  Readiness WaitUntilReady(Program& program, servercore::StopSignals& signals, std::string& error,
                           std::chrono::milliseconds timeout = kReadyTimeout);

  /// True once it has ended although nobody asked. Cheap; `run_time` is noted for the report.
  bool HasDied(std::chrono::nanoseconds run_time);
  /// Measures it (at most twice a second) and sets its gauges of all servers that it serves.
  void SetGauges(const EngineMetrics& metrics, MetricsFrame& frame);
  /// Asks it to end, kills it if it does not within `timeout`, or as soon as a further signal says
  /// that somebody does not want to wait.
  void Stop(std::chrono::milliseconds timeout, servercore::StopSignals& signals);

  /// Why the run failed because of it: it died, or crashed while being stopped. Empty otherwise.
  std::string Complaint() const;
  /// What is known of it, for the report on that server; `watched` tells whether it serves it.
  void Describe(std::size_t server, ServerReport& report) const;

 private:
  explicit ServerSupervisor(std::string command, std::unique_ptr<ChildProcess> process);
  bool ListensEverywhere(Program& program, std::string& waiting_for) const;
  std::optional<ProcessEnd> WaitForEnd(std::chrono::milliseconds timeout,
                                       servercore::StopSignals& signals, int signals_before);
  std::string LastWords() const;

  const std::string command_;
  const std::unique_ptr<ChildProcess> process_;
  std::vector<std::size_t> serves_;  ///< indexes in Program::servers

  std::optional<ProcessEnd> end_;
  bool died_ = false;
  bool stopped_by_force_ = false;
  std::chrono::nanoseconds died_at_{};

  ProcessStats last_stats_;
  std::chrono::steady_clock::time_point measured_at_{};
  double cpu_percent_ = 0;
};

}  // namespace stressbot
