#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "ServerCore/io/StopRequests.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/cli/LoadDriver.h"
#include "StressBot/cli/ResultBuilder.h"
#include "StressBot/cli/RunObserver.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/Scraper.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/control/RunControl.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/engine/NameThread.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// One run, for whoever wants one (the command line, the dashboard): starts the server if asked,
/// drives the load, ends the server, judges.
class RunSession {
 public:
  /// `options` and `stops` outlive it. REQUIRES a plan of PrepareRun.
  RunSession(const Options& options, std::unique_ptr<RunPlan> plan,
             servercore::StopRequests& stops);
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;
  ~RunSession();  ///< REQUIRES all_ended()

  const RunPlan& plan() const { return *plan_; }
  const RunMetrics& metrics() const { return metrics_; }
  RunControl& control() { return control_; }  ///< for any thread

  /// From the start of the server to its end. `observer` may be null. Once. Thread: any, the same
  /// for all of it, since the server's life is tied to it.
  RunResult Run(RunObserver* observer);
  /// Why nothing can be run, before Run: it then only makes the result.
  void GiveUp(std::string why) { traces_.facts.could_not_begin = std::move(why); }
  /// False when bots did not end in time, as after Ctrl-C with a server that hangs: what they still
  /// use must live as long as the process.
  bool all_ended() const { return all_ended_; }

  /// What there is up to now, as if the run ended so. Thread: that of Run, from within the
  /// observer.
  RunResult SoFar();
  std::int64_t ServerPid() const;  ///< of the one that runs now; 0 without --server. As SoFar
  /// What the server wrote since that line; empty without --server. Thread: as SoFar.
  std::vector<OutputLine> ServerLines(std::uint64_t from) const;

 private:
  void BeginServer(RunObserver* observer);
  void BeginScraper();
  bool MayBegin() const;
  void Load(RunObserver* observer);
  void NoteTraces();
  std::chrono::milliseconds ServerStopTimeout() const;

  const Options& options_;
  const std::unique_ptr<RunPlan> plan_;
  servercore::StopRequests& stops_;
  RunMetrics metrics_;
  RunControl control_;
  RunTraces traces_;
  std::unique_ptr<ServerSupervisor> server_;
  std::unique_ptr<Scraper> scraper_;
  // Of the load, from its beginning on.
  std::optional<servercore::ShardGroup> shards_;
  NameThread names_;
  std::optional<LoadRun> run_;
  std::optional<LoadDriver> driver_;
  bool all_ended_ = true;
};

}  // namespace stressbot
