#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/io/StopRequests.h"
#include "StressBot/cli/BusyShards.h"
#include "StressBot/cli/LastMoments.h"
#include "StressBot/cli/RunObserver.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/Scraper.h"
#include "StressBot/cli/ServerOrders.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/TargetWatch.h"
#include "StressBot/cli/VerdictRules.h"
#include "StressBot/control/RunControl.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/metrics/ThresholdWatch.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The part of a run that is outside of its shards: takes the intervals, listens to Ctrl-C and to
/// who steers the run, watches target and server, and ends the run when it has no sense any more.
/// Thread: one, the run's.
class LoadDriver {
 public:
  /// Grace for bots after the first Ctrl-C; the reports must be on disk 5 s after it.
  static constexpr std::chrono::seconds kInterruptGrace{3};
  /// How long connections may take to end after the last grace. Orderly closes give up after 2 s.
  static constexpr std::chrono::milliseconds kEndingMax{4'000};
  /// Since Ctrl-C. Connections to a server that hangs are cut then, so that the reports are in
  /// time.
  static constexpr std::chrono::milliseconds kInterruptMax{4'000};
  /// Since Ctrl-C came once more. Enough to leave a server that answers in order.
  static constexpr std::chrono::milliseconds kHurriedMax{500};
  /// What timers and bots on a busy machine may be late.
  static constexpr std::chrono::seconds kSlack{30};
  /// A scenario may have an event each 10 ms for days, and whoever steers may mark as often:
  /// further ones are only counted.
  static constexpr std::size_t kEventsMax = 1'000;

  /// Who is there besides; each may be null.
  struct Company {
    ServerSupervisor* server = nullptr;
    RunObserver* observer = nullptr;
    Scraper* scraper = nullptr;  ///< REQUIRES RunPlan::scraped
  };

  /// `metrics` are those that `control` fills. All outlive the driver.
  LoadDriver(const RunPlan& plan, LoadRun& run, RunControl& control, const RunMetrics& metrics,
             servercore::StopRequests& stops, Company company);

  /// Starts the run and returns when it is over. False when bots did not end in time, as after
  /// Ctrl-C with a server that hangs: then the run must not be destroyed.
  bool Drive();

  const RunFacts& facts() const { return facts_; }
  const BusyShards& busy_shards() const { return busy_shards_; }
  const std::vector<WatchedProcess>& watched() const { return watched_; }
  /// By time, the marks of the scenario included.
  std::vector<RunEvent> events() const;
  /// As of now.
  std::vector<ThresholdResult> JudgeThresholds() const { return thresholds_.Results(metrics_); }
  const LastMoments& last_moments() const { return last_moments_; }
  std::uint64_t memory_bytes_peak() const { return memory_bytes_peak_; }
  /// How long there was since Ctrl-C; nothing without one.
  std::optional<std::chrono::milliseconds> SinceInterrupt() const;

 private:
  using Clock = std::chrono::steady_clock;

  void LookAround();
  void TakeIntervals();
  void Observe(MetricsInterval interval);
  void ObserveStops(int stops);
  void ObserveControl();
  void ObserveProcesses();
  void ObserveScraper(MetricsFrame& frame);
  void ObserveEvents();
  void AdvanceOrders();
  /// Adds it to the run's events and tells it.
  void Note(RunEvent event);
  void Tell(Nanoseconds at, const std::string& text) const;
  void NoteIfRoom(RunEvent event);
  void TellMarks();
  void ObserveThresholds(const MetricsInterval& interval);
  /// Ends the load, tells why, and sets until when we wait for the bots. Without `grace` each
  /// group's own applies.
  void Stop(std::optional<Nanoseconds> grace, const std::string& why);
  Nanoseconds LongestGrace() const;
  Clock::duration LongestRun() const;
  void NoteTrouble(TargetWatch::Trouble trouble);
  std::string FirstConnectFailure() const;
  bool WaitedLongEnough() const;
  void TellDeath();
  void JudgeEnd();

  const RunPlan& plan_;
  LoadRun& run_;
  RunControl& control_;
  const RunMetrics& metrics_;
  servercore::StopRequests& stops_;
  ServerSupervisor* const server_;
  RunObserver* const observer_;
  Scraper* const scraper_;

  std::vector<WatchedProcess> watched_;
  TargetWatch watch_;
  ThresholdWatch thresholds_;
  RunFacts facts_;
  LastMoments last_moments_;            ///< of the server, while it lives
  std::optional<Nanoseconds> died_at_;  ///< it did; since the start of the run
  std::optional<ServerOrders> orders_;
  BusyShards busy_shards_;
  std::vector<RunEvent> events_;
  std::uint64_t events_unlisted_ = 0;
  std::size_t marks_told_ = 0;
  std::uint64_t memory_bytes_ = 0;  ///< of this process
  std::uint64_t memory_bytes_peak_ = 0;
  int stops_seen_ = 0;
  bool ended_by_hand_ = false;  ///< as if its time were over: it is judged as always
  std::optional<Clock::time_point> interrupted_at_;
  Clock::time_point begun_at_{};
  Clock::time_point give_up_at_ = Clock::time_point::max();  ///< once the load was stopped
};

}  // namespace stressbot
