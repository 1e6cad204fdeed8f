#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/control/ControlCommand.h"
#include "StressBot/control/RunStatus.h"
#include "StressBot/engine/ArrivalSchedule.h"
#include "StressBot/engine/GroupSchedule.h"
#include "StressBot/engine/LoadClock.h"
#include "StressBot/engine/LoadCommand.h"
#include "StressBot/engine/Program.h"
#include "StressBot/metrics/LoadPause.h"

namespace stressbot {

class LoadRun;

/// The one place where a run is looked at and steered from outside while it goes on: by the HTTP
/// interface, by keys, by whatever else shows a run. It has two sides.
///
/// The driver's (thread: the main one) begins and ends it, hands over each interval of metrics, and
/// asks what was done.
///
/// Everybody's (thread: any): Status and Read tell what the run is now, Do changes it. They take a
/// mutex that the driver takes once an interval; no shard ever waits for it. Read what is needed
/// and let go: while somebody reads, the next interval waits.
class RunControl {
 public:
  /// Both outlive it. Only Add writes `metrics` from here on.
  RunControl(const Program& program, RunMetrics& metrics);
  RunControl(const RunControl&) = delete;
  RunControl& operator=(const RunControl&) = delete;

  // The driver's side.

  /// Commands are taken from now on, until End. REQUIRES that `run` has started and lives until
  /// End.
  void Begin(LoadRun& run);
  /// Bots are leaving: the load can be changed no more.
  void NoteStopping();
  void End();
  /// Adds the interval to the metrics.
  void Add(const MetricsInterval& interval);
  /// The same one, for good. Gives the frame of the one before, for use again.
  std::optional<MetricsFrame> Keep(MetricsInterval interval);

  /// Something that was asked for and done.
  struct Note {
    std::chrono::nanoseconds at{};  ///< since the start of the run
    std::string text;
  };
  std::vector<Note> TakeNotes();  ///< since the last call, in order
  enum class Ending : std::uint8_t { kNone, kStop, kAbort };
  Ending wanted_ending() const;
  bool changed() const;  ///< somebody changed the load: not to be compared with other runs
  bool paused() const;
  /// How long the load stood still so far, the present pause included.
  std::chrono::nanoseconds held() const;
  std::vector<LoadPause> pauses() const;  ///< in order; one that goes on ends now
  /// What was asked for when that firing was by hand. REQUIRES that it was made here.
  DropOrder OrderOf(const Firing& firing) const;

  // Everybody's side.

  ControlAnswer Do(const ControlCommand& command);
  RunStatus Status() const;

  /// All that is known, for as long as the call lasts.
  struct View {
    const Program& program;
    const RunMetrics& metrics;      ///< up to the newest interval
    const MetricsInterval* newest;  ///< null before the first
    RunStatus status;
    std::uint64_t number;  ///< of the newest interval, from 1: who kept it need not read again
  };
  void Read(const std::function<void(const View&)>& look) const;

 private:
  using Kind = ControlAnswer::Kind;
  struct Target {
    GroupSchedule bots;                       ///< of a closed group
    std::optional<ArrivalSchedule> arrivals;  ///< of an open one
  };

  // With the mutex.
  ControlAnswer Carry(const PauseCommand& command);
  ControlAnswer Carry(const ResumeCommand& command);
  ControlAnswer Carry(const BotsCommand& command);
  ControlAnswer Carry(const RateCommand& command);
  ControlAnswer Carry(const ScaleCommand& command);
  ControlAnswer Carry(const DropCommand& command);
  ControlAnswer Carry(const MarkCommand& command);
  ControlAnswer Carry(const StopCommand& command);
  ControlAnswer Carry(const AbortCommand& command);
  ControlAnswer Done(std::string text, bool changes = true);
  ControlAnswer Refused(Kind kind, std::string text) const;
  std::optional<ControlAnswer> WhyNotNow() const;
  /// The group of that name, or the only one of that kind. Without: `why` says it.
  std::optional<std::uint16_t> FindGroup(const std::optional<std::string>& name, bool is_open,
                                         std::string& why) const;
  std::uint16_t GroupCount() const { return static_cast<std::uint16_t>(program_.groups.size()); }
  void SetBots(std::uint16_t group, std::uint32_t bots, Nanoseconds over);
  void SetRate(std::uint16_t group, double rate, Nanoseconds over);
  bool IsOver(std::uint16_t group) const;
  double TargetOf(std::uint16_t group) const;
  Nanoseconds Elapsed() const;
  Nanoseconds LoadTime() const { return clock_.At(Elapsed()); }
  RunState State() const;
  RunStatus StatusNow() const;
  /// Ends a pause, if there is one. Returns how long it was.
  Nanoseconds GoOn(Nanoseconds at);

  const Program& program_;
  RunMetrics& metrics_;

  mutable std::mutex mutex_;
  LoadRun* run_ = nullptr;
  bool stopping_ = false;
  bool over_ = false;
  std::chrono::nanoseconds ended_at_{};
  LoadClock clock_;
  std::vector<LoadPause> pauses_;  ///< of one that goes on only the begin
  std::vector<Target> targets_;    ///< by group, as the shards have them
  std::vector<DropOrder> drops_;   ///< by number of their firing
  std::uint32_t marks_ = 0;        ///< without a name
  bool changed_ = false;
  Ending ending_ = Ending::kNone;
  std::vector<Note> notes_;
  std::optional<MetricsInterval> newest_;
  RunFigures figures_;
  std::uint64_t intervals_ = 0;
};

}  // namespace stressbot
