#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ServerCore/io/StopRequests.h"
#include "StressBot/cli/ProcessMeter.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/Program.h"
#include "StressBot/metrics/MetricsFrame.h"
#include "StressBot/report/RunResult.h"
#include "StressBot/system/ChildProcess.h"

namespace stressbot {

/// The server that --server started: waits until it listens, watches that it lives, measures it,
/// ends it, and starts it again. Thread: the main one.
class ServerSupervisor {
 public:
  static constexpr std::chrono::seconds kReadyTimeout{30};
  static constexpr std::chrono::seconds kStopTimeout{10};

  enum class Readiness : std::uint8_t { kReady, kFailed, kInterrupted };

  /// Which servers of the program --server stands for: those on loopback, or the only one.
  static std::vector<std::size_t> ServedBy(const Program& program);
  /// Null when the program cannot be started; `error` says why.
  static std::unique_ptr<ServerSupervisor> Start(const std::string& command, std::string& error);

  /// Waits until it listens on the ports of the program's servers that it serves: those on
  /// loopback, or the only one. A target of port 0 takes the port on which it listens. kFailed
  /// fills `error` with a sentence.
  Readiness WaitUntilReady(Program& program, servercore::StopRequests& stops, std::string& error,
                           std::chrono::milliseconds timeout = kReadyTimeout);

  /// True once it has ended although nobody asked, or has crashed when it was asked. Cheap;
  /// `run_time` is noted for the report.
  bool HasDied(std::chrono::nanoseconds run_time);
  /// Measures it (at most twice a second) and sets its gauges of all servers that it serves.
  void SetGauges(const EngineMetrics& metrics, MetricsFrame& frame);
  /// Asks it to end, kills it if it does not within `timeout`, or as soon as a further signal says
  /// that somebody does not want to wait.
  void Stop(std::chrono::milliseconds timeout, servercore::StopRequests& stops);

  /// Of one that crashed and left a core file: has a debugger show where, if there is one. Takes
  /// seconds, 20 at most, or until a further signal says that somebody does not want to wait.
  void ReadStack(servercore::StopRequests& stops);

  // What an event may ask of it (ServerOrders). None of them waits.
  void End(bool kill);  ///< its end is expected from now on
  /// How it ended, once it has.
  std::optional<ProcessEnd> TakeEnd();
  void Pause();
  void Resume();
  /// The same command once more. REQUIRES that it has ended. False fills `error` with a sentence.
  bool StartAgain(std::string& error);
  /// Where it listens for each of the servers that it serves (by index in Program::servers), once
  /// it does everywhere; until then `waiting_for` tells what is missing.
  using Places = std::vector<std::pair<std::size_t, servercore::NetAddress>>;
  std::optional<Places> ListensAt(std::string& waiting_for) const;
  std::int64_t pid() const { return process_->pid(); }
  /// What it wrote, from that line on. Numbers begin anew when it is started again.
  std::vector<OutputLine> Lines(std::uint64_t from) const { return process_->Lines(from); }
  /// "; its last lines: ...".
  std::string LastWords() const;

  /// Why the run failed because of it: it died, or crashed while being stopped. Empty otherwise.
  std::string Complaint() const;
  /// What is known of it, for the report on that server; `watched` tells whether it serves it.
  void Describe(std::size_t server, ServerReport& report) const;

 private:
  explicit ServerSupervisor(std::string command, std::unique_ptr<ChildProcess> process);
  bool CrashedWhenAsked() const;
  bool EndedBadly() const;

  /// One of Program::servers that it serves.
  struct Served {
    std::size_t index = 0;
    servercore::NetAddress address;
    bool any_port = false;  ///< it takes the port on which the process listens
  };
  const std::string command_;
  std::unique_ptr<ChildProcess> process_;
  std::vector<Served> serves_;

  std::optional<ProcessEnd> end_;
  std::vector<std::string> stack_;  ///< frame by frame; empty when nobody showed it
  bool end_expected_ = false;       ///< an event wanted it
  bool down_ = false;               ///< and has ended so
  bool paused_ = false;
  bool died_ = false;
  bool stopped_by_force_ = false;
  bool ended_before_asked_ = false;  ///< as one that does not listen, but says why not
  std::chrono::nanoseconds died_at_{};

  ProcessMeter meter_;
};

}  // namespace stressbot
