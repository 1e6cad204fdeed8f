#include "StressBot/cli/ConformanceCommand.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/cli/ConformanceTable.h"
#include "StressBot/cli/HostileTrial.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/TargetResolver.h"
#include "StressBot/cli/WatchedProcess.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using RowVerdict = ConformanceRow::Verdict;

/// What a crash takes until the process is gone, beyond the end of its connections.
constexpr auto kDyingMax = 3s;
/// A server that has just been flooded may be slow; one that hangs will not answer for any time.
constexpr int kPatience = 10;  ///< times --timeout

/// Whether it serves at all: where it answers a packet, that; else that it ends a connection whose
/// client has ended it.
constexpr HostileScenario kAsksHello{"--hello", R"({
  "description": "", "servers": {"target": {"protocol": "", "target": "127.0.0.1:1"}},
  "groups": {"one": {"executor": "per-bot-iterations", "flow": "ask", "bots": 1, "iterations": 1, "maxDuration": "1m"}},
  "flows": {"ask": [{"connect": "target"}, {"hostile": "glued", "count": 1},
    {"disconnect": "reset"}]}})"};
constexpr HostileScenario kLeaves{"leave", R"({
  "description": "", "servers": {"target": {"protocol": "", "target": "127.0.0.1:1"}},
  "groups": {"one": {"executor": "per-bot-iterations", "flow": "leave", "bots": 1, "iterations": 1, "maxDuration": "1m"}},
  "flows": {"leave": [{"connect": "target"}, {"hostile": "half-open", "expect": ["close", "ignore"]},
    {"disconnect": "reset"}]}})"};

/// Sends nothing and looks whether anything comes.
constexpr HostileScenario kListens{"listen", R"({
  "description": "", "servers": {"target": {"protocol": "", "target": "127.0.0.1:1"}},
  "groups": {"one": {"executor": "per-bot-iterations", "flow": "listen", "bots": 1, "iterations": 1, "maxDuration": "1m"}},
  "flows": {"listen": [{"connect": "target"}, {"think": "50ms"},
    {"hostile": "slow-reader", "duration": "1ms", "expect": ["close", "ignore", "reply"]},
    {"disconnect": "reset"}]}})"};

class Conformance {
 public:
  explicit Conformance(const Options& options) : options_(options) {}

  ExitCode Run() {
    if (!Prepare()) return ExitCode::kConfiguration;
    if (!StartServer()) return ExitCode::kCouldNotBegin;
    const std::string why = LookAtFirst();
    if (IsInterrupted()) return ExitCode::kInterrupted;
    if (!why.empty()) {
      Tell(why);
      return process_died_ ? ExitCode::kServerDied : ExitCode::kNothingWorked;
    }
    TryAll();
    StopServer();
    const ExitCode code = Judge();
    TellSum();
    return WriteOutputs(code);
  }

 private:
  struct Trial {
    ConformanceRow row;
    std::optional<Scenario> scenario;  ///< nothing where the protocol has no such misbehaviour
  };

  /// Everything that can be wrong before anything starts.
  bool Prepare() {
    Diagnostics errors;
    Program program;
    program.servers.emplace_back();
    program.servers[0].name = "target";
    program.servers[0].target = options_.conformance.target;
    const bool has_protocol =
        LoadProtocol(PathOf(options_.conformance.protocol_file), errors) != nullptr;
    std::vector<std::string> mistakes = ResolveTargets(options_, program);
    watched_ = FindWatched(options_.watched, program, {}, mistakes);
    if (has_protocol) PrepareTrials(errors);
    std::fputs(errors.ToString().c_str(), stderr);
    for (const std::string& mistake : mistakes) Tell(mistake);
    wanted_ = program.servers[0];
    return errors.empty() && mistakes.empty();
  }

  void PrepareTrials(Diagnostics& errors) {
    const ConformanceOptions& options = options_.conformance;
    const auto& hello = options.hello;
    const std::string& protocol = options.protocol_file;
    asks_ = CompileHostile(hello ? kAsksHello : kLeaves, hello, protocol,
                           options.timeout * kPatience, errors);
    if (!asks_) return;
    for (const HostileScenario& scenario : HostileScenarios()) {
      Diagnostics missing;
      Trial& trial = trials_.emplace_back();
      trial.scenario = CompileHostile(scenario, hello, protocol, options.timeout, missing);
      trial.row.name = scenario.name;
      ReadDescription(DescriptionOf(scenario), trial.row);
      if (!trial.scenario && !missing.empty()) trial.row.detail = missing.list().front().message;
    }
  }

  /// Also of one that does not compile.
  static std::string DescriptionOf(const HostileScenario& scenario) {
    Diagnostics ignored;
    const auto document = JsonDocument::Parse(scenario.text, std::string(scenario.name), ignored);
    return document ? document->root().value("description", "") : "";
  }

  std::optional<Scenario> Compile(const HostileScenario& scenario) const {
    Diagnostics none;
    return CompileHostile(scenario, std::nullopt, options_.conformance.protocol_file,
                          options_.conformance.timeout, none);
  }

  bool StartServer() {
    target_ = wanted_;
    if (options_.server_command.empty()) return true;
    Program program;
    program.servers = {wanted_};
    std::string error;
    server_ = ServerSupervisor::Start(options_.server_command, error);
    if (server_ != nullptr &&
        server_->WaitUntilReady(program, signals_, error) == ServerSupervisor::Readiness::kFailed)
      server_.reset();
    if (server_ == nullptr) Tell(error);
    target_ = program.servers[0];
    return server_ != nullptr;
  }

  /// A crash while it was asked to end counts too: what was sent may have prepared it.
  void StopServer() {
    if (server_ == nullptr) return;
    server_->Stop(ServerSupervisor::kStopTimeout, signals_);
    if (const std::string complaint = server_->Complaint(); !complaint.empty()) {
      process_died_ = true;
      Tell(complaint);
    }
    server_.reset();
  }

  /// Empty, or why there is nothing to test.
  std::string LookAtFirst() {
    const HostileOutcomes seen = Try(*asks_);
    if (seen.connected == 0)
      return "nothing reachable at " + target_.target + ": " + seen.why_not_connected +
             ". Does the server run, and listen at that address and port?";
    if (HasDied()) return ReasonOfDeath();
    if (options_.conformance.hello && seen.replied == 0)
      return "the server does not answer " + options_.conformance.hello->packet +
             " of --hello, before anything hostile was sent; give a packet that it answers "
             "without a login";
    ends_half_closed_ = seen.closed > 0;
    // Else nothing tells a server that hangs from one that never says anything: no need to wait.
    if (!options_.conformance.hello && !ends_half_closed_) asks_ = Compile(kLeaves);
    speaks_by_itself_ = Try(*Compile(kListens)).replied > 0;
    return {};
  }

  void TryAll() {
    std::vector<ConformanceRow> rows;
    for (const Trial& trial : trials_) rows.push_back(trial.row);
    const ConformanceTable table(rows);
    std::printf("%s", table.Head().c_str());
    bool goes_on = true;
    for (Trial& trial : trials_) {
      if (!trial.scenario) {
        trial.row.did = "not possible here";
      } else if (!goes_on) {
        trial.row.did = "not tried";
      } else {
        goes_on = TryOne(trial);
      }
      std::printf("%s", table.Line(trial.row).c_str());
      std::fflush(stdout);
    }
  }

  /// False when nothing more can be tried.
  bool TryOne(Trial& trial) {
    ConformanceRow& row = trial.row;
    const HostileOutcomes outcomes = Try(*trial.scenario);
    row.did = outcomes.Words();
    row.verdict = IsGood(trial, outcomes) ? RowVerdict::kGood : RowVerdict::kFailed;
    const std::string trouble = WhatIsLeft(row);
    if (IsInterrupted()) {  // and so was what was seen
      row.did = "not tried";
      row.verdict = RowVerdict::kNotTried;
      row.detail.clear();
      return false;
    }
    if (trouble.empty()) return true;
    row.did = trouble;
    row.verdict = RowVerdict::kFailed;
    return StartAgain();
  }

  /// What a server says to everybody anyway, such as pings, is no reply where silence is right.
  bool IsGood(const Trial& trial, HostileOutcomes outcomes) const {
    const HostileStep& step = trial.scenario->program->groups.front().flow.hostiles.back();
    if (speaks_by_itself_ && step.Expects(HostileOutcome::kIgnored) &&
        !step.Expects(HostileOutcome::kReplied))
      outcomes.as_expected += outcomes.replied;
    return outcomes.good();
  }

  /// Empty when the server serves others as before; else "died" or "hung", with the row's detail.
  std::string WhatIsLeft(ConformanceRow& row) {
    const HostileOutcomes seen = Try(*asks_);
    const bool serves = options_.conformance.hello ? seen.replied > 0
                        : ends_half_closed_        ? seen.closed > 0
                                                   : seen.connected > 0;
    if (serves && !HasDied()) return {};
    AwaitDeath(seen.connected == 0 ? kDyingMax : 0s);
    if (HasDied()) {
      row.detail = ReasonOfDeath();
      process_died_ = true;
      return "died";
    }
    if (seen.connected == 0) {
      row.detail = "nobody accepts connections any more: " + seen.why_not_connected;
      return "died";
    }
    row.detail = options_.conformance.hello
                     ? "a new connection gets no answer to " + options_.conformance.hello->packet +
                           " any more"
                     : "a new connection is not ended any more when its client ends it";
    return "hung";
  }

  /// A fresh server for what comes after one that died or hangs.
  bool StartAgain() {
    if (server_ == nullptr) return false;
    if (!HasDied()) {
      server_->End(true);
      const auto until = Clock::now() + kDyingMax;
      while (!server_->TakeEnd() && Clock::now() < until) signals_.WaitFor(20ms);
    }
    server_.reset();
    return StartServer();
  }

  HostileOutcomes Try(const Scenario& scenario) {
    const auto outcomes = RunHostile(scenario, target_, signals_);
    if (outcomes) return *outcomes;
    Tell("internal error: some connections did not end in time");
    std::fflush(stdout);
    std::_Exit(static_cast<int>(ExitCode::kInternalError));
  }

  bool HasDied() {
    if (server_ != nullptr && server_->HasDied(Clock::now() - began_)) return true;
    for (WatchedProcess& process : watched_)
      if (process.HasEnded(Clock::now() - began_)) return true;
    return false;
  }
  std::string ReasonOfDeath() const {
    if (server_ != nullptr && !server_->Complaint().empty())
      return server_->Complaint() + server_->LastWords();
    for (const WatchedProcess& process : watched_)
      if (!process.Complaint().empty()) return process.Complaint();
    return {};
  }

  std::vector<ConformanceRow> Rows() const {
    std::vector<ConformanceRow> rows;
    for (const Trial& trial : trials_) rows.push_back(trial.row);
    return rows;
  }

  bool IsInterrupted() { return signals_.WaitFor(0ms) > 0; }

  void AwaitDeath(std::chrono::seconds longest) {
    const auto until = Clock::now() + longest;
    while (!HasDied() && Clock::now() < until && signals_.WaitFor(20ms) == 0) {
    }
  }

  ExitCode Judge() {
    if (process_died_) return ExitCode::kServerDied;
    if (IsInterrupted()) return ExitCode::kInterrupted;
    return CountOf(Rows(), RowVerdict::kFailed) > 0 ? ExitCode::kThresholdFailed
                                                    : ExitCode::kPassed;
  }

  void TellSum() const {
    const auto rows = Rows();
    const std::size_t failed = CountOf(rows, RowVerdict::kFailed);
    const std::size_t not_tried = CountOf(rows, RowVerdict::kNotTried);
    std::string text = std::to_string(CountOf(rows, RowVerdict::kGood)) + " of " +
                       std::to_string(rows.size()) + " as good servers do";
    if (failed > 0) text += ", " + std::to_string(failed) + " not";
    if (not_tried > 0) text += ", " + std::to_string(not_tried) + " not tried";
    std::printf("%s.\n", text.c_str());
  }

  ExitCode WriteOutputs(ExitCode code) const {
    bool all_written = true;
    for (const FileOutput& output : options_.conformance.outputs) {
      const std::string text = output.kind == "json"
                                   ? ConformanceJson(Rows(), wanted_.target, static_cast<int>(code))
                                   : ConformanceJunit(Rows(), wanted_.target);
      std::string error;
      if (WriteFileAtomically(output.file, text, error)) continue;
      Tell(error);
      all_written = false;
    }
    return code == ExitCode::kPassed && !all_written ? ExitCode::kReportNotWritten : code;
  }

  static void Tell(const std::string& sentence) {
    std::fflush(stdout);
    std::fprintf(stderr, "stressbot conformance: %s\n", ToPrintable(sentence).c_str());
  }

  const Options& options_;
  servercore::StopSignals signals_;  // before any thread is started
  const Clock::time_point began_ = Clock::now();
  Server wanted_, target_;  ///< as on the command line; where it listens
  std::vector<Trial> trials_;
  std::optional<Scenario> asks_;  ///< whether it serves
  std::unique_ptr<ServerSupervisor> server_;
  std::vector<WatchedProcess> watched_;
  bool ends_half_closed_ = false;
  bool speaks_by_itself_ = false;
  bool process_died_ = false;
};

}  // namespace

ExitCode TestConformance(const Options& options) { return Conformance(options).Run(); }

}  // namespace stressbot
