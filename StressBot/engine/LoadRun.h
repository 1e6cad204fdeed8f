#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ServerCore/net/NetAddress.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/engine/CommandPost.h"
#include "StressBot/engine/EngineMetrics.h"
#include "StressBot/engine/EventBoard.h"
#include "StressBot/engine/FailureLog.h"
#include "StressBot/engine/IntervalCollector.h"
#include "StressBot/engine/MarkLog.h"
#include "StressBot/engine/Program.h"
#include "StressBot/engine/TargetLookup.h"
#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

class BotShard;
class TraceLog;
class RendezvousDesk;
class NameResolver;

struct LoadOptions {
  std::vector<servercore::NetAddress>
      source_addresses;                        ///< bots use them in turn; none: the system picks
  std::size_t connects_in_flight_max = 4'096;  ///< a shard
  /// Runs this bot alone, as if the others were silent; by its id.
  std::optional<std::uint32_t> only_bot{};
  TraceLog* trace = nullptr;  ///< takes all that the bots do; outlives the run
  TargetRules targets{};      ///< of connects whose target a reply named
  /// Looks up names in such targets; none: only digits are understood. Gives no answer any more
  /// when the shards shut down.
  NameResolver* names = nullptr;
};

/// One run of a program on the shards of a group: bots are spread over the shards, intervals of
/// metrics come back. Knows no files, no terminal, no clock but the shards'.
/// Thread: one outside thread (or a simulation), except where said.
class LoadRun {
 public:
  /// All of these outlive the run. REQUIRES that the shards do not turn yet, or turn on this
  /// thread.
  LoadRun(servercore::ShardGroup& shards, const Program& program, const MetricsCatalog& catalog,
          const EngineMetrics& metrics, LoadOptions options);
  ~LoadRun();  ///< REQUIRES Finished(), and that no shard turns any more

  /// Time zero of the run; bots begin from there on.
  void Start();
  /// Ends the load now: bots finish their pass, what is left after `grace` is interrupted; without
  /// one each group's own applies, as at the planned end. A second call with a shorter grace
  /// shortens it.
  void RequestStop(std::optional<Nanoseconds> grace);

  /// All shards carry it out, each as soon as it looks into its inbox. Any thread.
  void Post(const LoadCommand& command) const { post_.ToAll(command); }
  /// What has happened since the last call, in order of time.
  std::vector<Occurrence> TakeOccurrences() { return board_.Take(); }

  /// The next interval that all shards have delivered, in order. Intervals are one second long, cut
  /// where the phase changes.
  std::optional<MetricsInterval> TakeInterval();
  void GiveBack(MetricsFrame frame);  ///< of an interval that was taken: saves making a new one
  /// Every bot has ended and every connection is closed. The last intervals may still be taken.
  bool Finished() const;

  Nanoseconds Elapsed() const;  ///< since Start. Any thread, after Start has returned
  bool stopping() const { return stop_requested_; }
  /// A step said abort-run. Any thread.
  bool abort_requested() const { return failures_.abort_requested(); }
  const FailureLog& failures() const { return failures_; }
  const MarkLog& marks() const { return marks_; }

 private:
  servercore::ShardGroup& shards_;
  const LoadOptions options_;
  FailureLog failures_;
  MarkLog marks_;
  IntervalCollector collector_;
  EventBoard board_;
  CommandPost post_;
  std::vector<std::unique_ptr<BotShard>> bot_shards_;
  std::unique_ptr<RendezvousDesk> desk_;  ///< lives on the first shard
  std::atomic<std::size_t> shards_running_{0};
  servercore::Clock::time_point started_at_{};
  bool stop_requested_ = false;
};

}  // namespace stressbot
