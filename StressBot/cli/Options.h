#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ServerCore/net/NetAddress.h"
#include "StressBot/analysis/CapacitySearch.h"
#include "StressBot/cli/Scraper.h"
#include "StressBot/control/ControlServer.h"
#include "StressBot/engine/TargetAddress.h"
#include "StressBot/report/ReportFormats.h"
#include "StressBot/report/RunResult.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// One `--out KIND=FILE`.
struct ReportOutput {
  const ReportFormat* format = nullptr;
  std::filesystem::path file;
};

/// The same for what is no report of a single run; its command knows the kinds.
struct FileOutput {
  std::string kind;
  std::filesystem::path file;
};

/// One `--watch-pid [NAME=]PID`.
struct WatchRequest {
  std::string name;  ///< empty: see FindWatched
  std::int64_t pid = 0;
};

/// Of `stressbot run`: again and again.
struct SeriesOptions {
  std::uint64_t times = 0;  ///< 0: without a limit
  bool until_fail = false;
  bool wanted() const { return times > 0 || until_fail; }
};

/// Of `stressbot capacity`.
struct CapacityOptions {
  std::vector<std::string> holds;  ///< "chat_rtt: p(99)<100ms"
  std::string varied;              ///< "bots", "rate", a group's or a variable's name
  SearchRange range;
  std::optional<std::uint64_t> at_least;
  bool fresh_server = false;
  std::vector<FileOutput> outputs;
};

/// Of `stressbot compare`.
struct CompareOptions {
  std::vector<std::string> run_files;  ///< two or more; the last is the new one
  std::optional<double> tolerance;     ///< a share: 0.1
  std::vector<FileOutput> outputs;
};

/// Of `stressbot protocol`.
struct ProtocolOptions {
  std::string file;  ///< show: the protocol file
  std::vector<std::string> proto_files, import_paths;
  std::string out_file;  ///< init; empty: to the terminal
};

/// Of `stressbot trace`.
struct TraceOptions {
  std::uint32_t bot = 0;        ///< its id within the run
  std::uint64_t packets = 100;  ///< after so many it ends
};

/// Of `stressbot probe`.
struct ProbeOptions {
  std::string target;  ///< HOST:PORT
  std::string protocol_file;
  std::chrono::nanoseconds listen{};  ///< for so long after the last that came or was typed
};

/// A packet that a server answers although nobody has logged in.
struct HelloPacket {
  std::string packet;
  std::string fields;  ///< JSON; empty: none
};

/// Of `stressbot conformance`.
struct ConformanceOptions {
  std::string target;  ///< HOST:PORT
  std::string protocol_file;
  std::optional<HelloPacket> hello;
  std::chrono::nanoseconds timeout = std::chrono::seconds(1);  ///< for what the server does
  std::vector<FileOutput> outputs;
};

/// What the command line says, understood.
struct Options {
  enum class Command : std::uint8_t {
    kRun,
    kCheck,
    kTrace,
    kProbe,
    kConformance,
    kReport,
    kCompare,
    kCapacity,
    kProtocolInit,
    kProtocolShow
  };

  Command command = Command::kRun;
  std::vector<std::string> words;  ///< as they were given, the command first
  ProtocolOptions protocol;
  // Of run and check, and of what else takes a scenario.
  std::string scenario_file;
  ScenarioOptions scenario;
  std::string server_command;           ///< of --server; empty: the server is not ours
  std::vector<WatchRequest> watched;    ///< processes of --watch-pid
  std::optional<ScrapeRequest> scrape;  ///< of --scrape and --series
  std::string run_file;                 ///< of the command report
  std::vector<ReportOutput> outputs;
  /// Options that change what the scenario says, as they were given. Of variables only the name:
  /// their values may be secrets.
  std::vector<std::pair<std::string, std::string>> changes;
  std::size_t shards = 0;  ///< 0: chosen by the machine
  std::vector<servercore::NetAddress> source_addresses;
  std::vector<TargetMapping> target_mappings;
  std::optional<ControlPoint> control;  ///< of --control
  bool allow_public_target = false;
  bool saturation_fails = true;  ///< otherwise it is only told
  bool quiet = false;
  TraceOptions trace;
  ProbeOptions probe;
  ConformanceOptions conformance;
  CompareOptions compare;
  SeriesOptions series;
  CapacityOptions capacity;
};

/// Options, or the code to leave with when everything was said already (--help, a mistake).
struct ParsedOptions {
  std::optional<Options> options;
  ExitCode leave_with = ExitCode::kPassed;
};

/// Prints help, version and mistakes itself.
ParsedOptions ParseOptions(int argc, const char* const* argv);
/// The same for words that a program made, the command first; nothing is printed. Null, with a
/// sentence in `error`, where they are wrong.
std::optional<Options> ParseWords(const std::vector<std::string>& words, std::string& error);

std::string ToolVersion();

}  // namespace stressbot
