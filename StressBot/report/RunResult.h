#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/metrics/LoadPause.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/metrics/Threshold.h"
#include "StressBot/report/Conversation.h"

namespace stressbot {

/// The first that applies decides (README, "Exit codes"); the order here is the precedence.
enum class ExitCode : int {
  kConfiguration = 104,
  kCouldNotBegin = 106,
  kInternalError = 109,
  kServerDied = 123,
  kNothingWorked = 107,
  kGeneratorLimited = 120,
  kInterrupted = 105,
  kAborted = 103,
  kThresholdFailed = 99,
  kDrift = 121,
  kReportNotWritten = 122,
  kPassed = 0
};

struct VerdictReason {
  ExitCode code = ExitCode::kPassed;
  std::string text;  ///< one sentence for people
};

/// Exit code and everything that speaks for it.
struct Verdict {
  std::vector<VerdictReason> reasons;
  /// The first of the precedence above among the reasons; kPassed without any.
  ExitCode code() const;
  /// The run is good, though a report may be missing (kReportNotWritten).
  bool passed() const;
  /// A reason for each failed threshold: kThresholdFailed, or kDrift for slopes.
  void AddThresholds(const std::vector<ThresholdResult>& results);
};

/// Something worth a line that happened at a moment of the run.
struct RunEvent {
  std::chrono::nanoseconds at{};  ///< since the start
  std::string text;
  std::optional<std::uint64_t> bots{};  ///< that it touched, if it is of that kind
  /// Since the start: connections that ended up to then were excused.
  std::optional<std::chrono::nanoseconds> excused_until{};
};

struct ServerReport {
  std::string name;     ///< key in "servers"
  std::string target;   ///< 127.0.0.1:7777
  std::string command;  ///< of --server; empty when not ours
  std::int64_t pid = 0;
  bool watched = false;
  bool alive = false;  ///< at the end of the load
  std::string ending;  ///< "killed by signal 9 (SIGKILL) at 12.4 s"; empty while alive
  /// Asked to end after the load, it crashed or did so with a code that is not 0: a sanitizer may
  /// have complained, or a test of the server's own.
  bool ended_badly = false;
  std::vector<std::string> last_lines;  ///< of its output
  /// Where it died, frame by frame if a debugger showed it, and how that can be seen or why not.
  std::vector<std::string> stack;
  std::string last_packets;  ///< that bots had of it in the second before it died
  double cpu_percent = 0;    ///< mean over the measured part
  double memory_bytes = 0;   ///< at the end of the load
  double memory_bytes_per_minute = 0;
  int threads = 0;
  int descriptors = 0;

  /// How it ended, and what it wrote last, is worth telling.
  bool has_last_words() const { return watched && !ending.empty() && (!alive || ended_badly); }
};

/// Why the generator was the bottleneck, if it was.
struct GeneratorReport {
  /// p99 of its timers' lateness: beyond this the numbers say little about the server.
  static constexpr double kLatenessMaxNs = 10e6;

  int shards = 0;
  double cpu_percent = 0;  ///< mean, of one core
  double cpu_percent_max_shard = 0;
  double memory_bytes = 0;          ///< resident, peak
  double memory_bytes_per_bot = 0;  ///< growth from before the bots to the plateau
  /// What says that it was the bottleneck, a sentence each; whether that fails the run or not.
  std::vector<std::string> saturation;
};

/// Where the generator ran; nothing that tells whose machine it is.
struct MachineReport {
  unsigned cores = 0;  ///< that it could use
  std::string system;  ///< "Linux 6.1.0 x86_64"
};

struct FirstFailure {
  std::string metric;             ///< bots_dropped, checks, requests_failed ...
  std::chrono::nanoseconds at{};  ///< since the start
  std::string text;               ///< "bot 512 at 12.4 s, reset by server in step chat"
  /// What the bot and its servers had said before; empty when it was not recorded.
  std::vector<ConversationLine> conversation{};
};

/// Everything a report is made of. The reports only format; nothing is computed twice.
struct RunResult {
  std::string scenario;  ///< its name
  std::string scenario_file;
  std::string scenario_hash;  ///< of that file's bytes, "fnv1a64:..."; the same text, the same hash
  std::string description;
  /// Options that changed what the scenario says, as they were given: {"--bots", "500"}.
  std::vector<std::pair<std::string, std::string>> options;
  std::string tool_version;
  std::string started_at;  ///< ISO 8601, UTC
  std::uint64_t seed = 0;
  std::uint64_t bots_max = 0;
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds planned_duration{};  ///< of the load, warm-up included
  std::chrono::nanoseconds warmup{};
  bool changed_by_hand = false;  ///< while it ran: such a run cannot be compared with others
  std::vector<ServerReport> servers;
  GeneratorReport generator;
  MachineReport machine;
  std::vector<LoadPause> pauses;
  std::vector<RunEvent> events;
  std::vector<FirstFailure> first_failures;
  std::vector<ThresholdResult> thresholds;
  Verdict verdict;
  const RunMetrics* metrics = nullptr;
};

}  // namespace stressbot
