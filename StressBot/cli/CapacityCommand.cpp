#include "StressBot/cli/CapacityCommand.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "StressBot/analysis/CapacityReport.h"
#include "StressBot/cli/CheckCommand.h"
#include "StressBot/cli/ChildRun.h"
#include "StressBot/cli/OptionValues.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/cli/RunPlan.h"
#include "StressBot/cli/ServerSupervisor.h"
#include "StressBot/cli/StatusLine.h"
#include "StressBot/cli/TargetResolver.h"
#include "StressBot/metrics/BuiltinMetrics.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/SummaryParts.h"
#include "StressBot/report/Utf8.h"
#include "StressBot/system/Terminal.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using Outcome = ProbeResult::Outcome;

void TellCapacity(const std::string& sentence) {
  std::fprintf(stderr, "stressbot capacity: %s\n", sentence.c_str());
}

/// The option of `run` that sets what is varied.
struct VaryOption {
  std::string option;  ///< --bots, --rate, --var
  std::string prefix;  ///< "players=" or nothing
};

/// A group goes before the words bots and rate, these before a variable.
VaryOption OptionFor(const std::string& varied, const Program& program) {
  for (const Group& group : program.groups) {
    if (group.name == varied) return {group.arrivals ? "--rate" : "--bots", varied + "="};
  }
  if (varied == "bots" || varied == "rate") return {"--" + varied, ""};
  return {"--var", varied + "="};
}

/// The same options with FROM, so that what is varied is checked before anything starts.
Options WithValue(Options options, const VaryOption& vary, std::uint64_t value) {
  const std::string name = vary.prefix.substr(0, vary.prefix.find('='));
  if (vary.option == "--bots") {
    options.scenario.bots.emplace_back(name, static_cast<std::uint32_t>(value));
  } else if (vary.option == "--rate") {
    options.scenario.rates.emplace_back(name, static_cast<double>(value));
  } else {
    options.scenario.variables.emplace_back(name, std::to_string(value));
  }
  return options;
}

/// The conditions as thresholds; fewer than there are when some mean nothing: that was told.
std::vector<Threshold> ReadHolds(const std::vector<std::string>& texts,
                                 const MetricsCatalog& catalog) {
  std::vector<std::string> aliases;
  for (const MetricsCatalog::AliasEntry& alias : catalog.aliases()) aliases.push_back(alias.name);
  std::vector<Threshold> holds;
  for (const std::string& text : texts) {
    std::string error;
    const auto condition = ParseCondition(text, error);
    const auto selector = condition ? ParseMetricSelector(condition->first, error) : std::nullopt;
    const auto kind = selector ? KindOfSelector(*selector, aliases, error) : std::nullopt;
    const auto threshold =
        kind ? ParseThreshold(*selector, *kind, condition->second, error) : std::nullopt;
    if (threshold) error = WhyWithoutSeries(catalog, *threshold);
    if (error.empty()) {
      holds.push_back(*threshold);
    } else {
      TellCapacity("--hold \"" + text + "\": " + error);
    }
  }
  return holds;
}

/// Its run ended before its time, or lost its server: whatever was measured until then.
bool WasCutShort(const RunResult& run) {
  std::size_t failed = 0;
  for (const ThresholdResult& threshold : run.thresholds) {
    if (threshold.passed) continue;
    ++failed;
    if (threshold.threshold.abort_on_fail) return true;
  }
  const auto speaks = static_cast<std::size_t>(
      std::count_if(run.verdict.reasons.begin(), run.verdict.reasons.end(), [](const auto& reason) {
        return reason.code == ExitCode::kThresholdFailed || reason.code == ExitCode::kDrift;
      }));
  return speaks > failed;  // the target was lost, which no threshold says
}

std::string FirstReason(const Verdict& verdict) {
  return verdict.reasons.empty() ? "" : verdict.reasons.front().text;
}

/// All conditions hold; `probe` gets what the first came to, and what all are.
bool AllHold(const std::vector<Threshold>& holds, const RunMetrics& metrics, CapacityProbe& probe) {
  bool all_hold = true;
  for (const Threshold& hold : holds) {
    const ThresholdResult result = Judge(hold, metrics);
    if (&hold == &holds.front() && result.has_data) probe.measured = result.value;
    probe.text += (probe.text.empty() ? "" : ", ") + summary::NameOf(hold) + " " +
                  (result.has_data ? (result.is_lower_bound ? "≥ " : "") + result.text : "no data");
    all_hold = all_hold && result.passed;
  }
  return all_hold;
}

class CapacityProbes {
 public:
  CapacityProbes(const Options& options, VaryOption vary, CapacityRun& run)
      : options_(options), vary_(std::move(vary)), run_(run) {}

  /// Starts the server if it is one for all. kPassed, or why it could not.
  ExitCode Begin(const Program& program) {
    if (folder_.path().empty()) {
      TellCapacity(folder_.error());
      return ExitCode::kInternalError;
    }
    if (options_.server_command.empty() || options_.capacity.fresh_server) return ExitCode::kPassed;
    program_.emplace(program);
    const std::vector<std::string> mistakes = ResolveTargets(options_, *program_);
    for (const std::string& mistake : mistakes) TellCapacity(mistake);
    if (!mistakes.empty()) return ExitCode::kConfiguration;
    return StartServer();
  }

  /// One run. kPassed when it tells something, which is then among the probes.
  ExitCode Probe(std::uint64_t value) {
    const std::uint64_t seed = options_.scenario.seed.value_or(kDefaultSeed) +
                               static_cast<std::uint64_t>(run_.probes.size());
    const std::filesystem::path json_file = folder_.path() / "probe.json";
    const ChildRunEnd ended =
        RunAsChild(WordsFor(value, seed, json_file), json_file, signals_,
                   [&](std::chrono::nanoseconds so_far) { Show(value, so_far); });
    line_.Clear();
    if (ended.interrupted) return ExitCode::kInterrupted;
    CapacityProbe probe;
    probe.result.value = value;
    probe.seed = seed;
    const ExitCode code = JudgeProbe(ended, probe);
    if (code != ExitCode::kPassed) {
      for (const std::string& line : ended.last_lines) std::fprintf(stderr, "%s\n", line.c_str());
      return code;
    }
    run_.probes.push_back(std::move(probe));
    return ReviveServer();
  }

  void End() {
    if (server_ != nullptr) server_->Stop(ServerSupervisor::kStopTimeout, signals_);
  }

 private:
  /// Anything but kPassed ends the search.
  ExitCode JudgeProbe(const ChildRunEnd& ended, CapacityProbe& probe) const {
    const ExitCode code = ended.verdict.code();
    switch (code) {
      case ExitCode::kGeneratorLimited:
        probe.result.outcome = Outcome::kLimited;
        break;
      case ExitCode::kConfiguration:
        // The first value shows whether the options are right; a greater one is beyond this
        // machine.
        if (run_.probes.empty() || ended.last_lines.empty()) return code;
        probe.result.outcome = Outcome::kLimited;
        probe.text = ended.last_lines.front();
        return ExitCode::kPassed;
      case ExitCode::kServerDied:
      case ExitCode::kNothingWorked:
        probe.result.outcome = Outcome::kFailed;
        break;
      case ExitCode::kPassed:
      case ExitCode::kThresholdFailed:
      case ExitCode::kDrift:
        if (ended.run == nullptr || !ended.run->metrics) return ExitCode::kInternalError;
        return JudgeMetrics(*ended.run, probe);
      default:
        return code;
    }
    probe.text = FirstReason(ended.verdict);
    return ExitCode::kPassed;
  }
  ExitCode JudgeMetrics(const RecordedRun& run, CapacityProbe& probe) const {
    const bool holds = AllHold(run_.holds, *run.metrics, probe);
    const bool was_cut = WasCutShort(run.result);
    probe.result.outcome = holds && !was_cut ? Outcome::kHeld : Outcome::kFailed;
    if (was_cut) probe.text += ": " + FirstReason(run.result.verdict);
    return ExitCode::kPassed;
  }

  std::vector<std::string> WordsFor(std::uint64_t value, std::uint64_t seed,
                                    const std::filesystem::path& json_file) const {
    std::vector<OptionName> left_out{
        {"--hold"}, {"--vary"}, {"--at-least"}, {"--fresh-server", false}, {"--out"}, {"--seed"}};
    if (server_ != nullptr) left_out.insert(left_out.end(), {{"--server"}, {"--target"}});
    std::vector<std::string> words = WordsWithout(options_.words, left_out);
    if (server_ != nullptr) {
      for (const Server& server : program_->servers) {
        if (server.target.empty()) continue;
        words.insert(words.end(), {"--target", server.name + "=" + server.address.ToString()});
      }
    }
    words.insert(words.end(),
                 {vary_.option, vary_.prefix + std::to_string(value), "--seed",
                  std::to_string(seed), "--quiet", "--out", "json=" + Utf8Of(json_file)});
    return words;
  }

  ExitCode AwaitServer() {
    std::string error;
    switch (server_->WaitUntilReady(*program_, signals_, error)) {
      case ServerSupervisor::Readiness::kReady:
        return ExitCode::kPassed;
      case ServerSupervisor::Readiness::kInterrupted:
        return ExitCode::kInterrupted;
      case ServerSupervisor::Readiness::kFailed:
        break;
    }
    TellCapacity(error);
    return ExitCode::kCouldNotBegin;
  }

  ExitCode StartServer() {
    std::string error;
    server_ = ServerSupervisor::Start(options_.server_command, error);
    if (server_ != nullptr) return AwaitServer();
    TellCapacity(error);
    return ExitCode::kCouldNotBegin;
  }

  /// A server that died has failed, whatever its run measured; the next run has another.
  ExitCode ReviveServer() {
    if (server_ == nullptr || !server_->HasDied(std::chrono::nanoseconds(0)))
      return ExitCode::kPassed;
    CapacityProbe& probe = run_.probes.back();
    probe.result.outcome = Outcome::kFailed;
    probe.text = server_->Complaint();
    return StartServer();
  }

  void Show(std::uint64_t value, std::chrono::nanoseconds so_far) {
    line_.Show(fmt::format("probe {:2}   {:>7} {}   {}", run_.probes.size() + 1, FormatCount(value),
                           ToPrintable(run_.varied), FormatSpan(so_far)));
  }

  const Options& options_;
  const VaryOption vary_;
  CapacityRun& run_;
  TemporaryFolder folder_;
  servercore::StopSignals signals_;
  std::optional<Program> program_;  ///< its servers' addresses; only of a server for all
  std::unique_ptr<ServerSupervisor> server_;
  StatusLine line_{stderr, TerminalColumns(stderr)};
};

/// kPassed when the search is over.
ExitCode SearchCapacity(CapacityProbes& probes, CapacityRun& run) {
  for (;;) {
    std::vector<ProbeResult> results;
    for (const CapacityProbe& probe : run.probes) results.push_back(probe.result);
    const auto next = NextProbe(run.range, results);
    if (!next) return ExitCode::kPassed;
    const ExitCode code = probes.Probe(*next);
    if (code != ExitCode::kPassed) return code;
    std::printf("%s\n", FormatLastProbe(run).c_str());
    std::fflush(stdout);
  }
}

bool OutputsCanBeWritten(const std::vector<FileOutput>& outputs) {
  bool can = true;
  for (const FileOutput& output : outputs) {
    std::string error;
    if (CanWriteReport(output.file, error)) continue;
    TellCapacity(error);
    can = false;
  }
  return can;
}

/// Prints and writes what is known.
ExitCode TellResult(const CapacityRun& run, const std::vector<FileOutput>& outputs) {
  ExitCode code = PrintResult(FormatCapacity(run), run.code());
  for (const FileOutput& output : outputs) {
    std::string error;
    const std::string text = output.kind == "json" ? CapacityJson(run) : CapacityMarkdown(run);
    if (WriteFileAtomically(output.file, text, error)) continue;
    TellCapacity(error);
    if (code == ExitCode::kPassed) code = ExitCode::kReportNotWritten;
  }
  return code;
}

}  // namespace

ExitCode MeasureCapacity(const Options& options) {
  const CapacityOptions& capacity = options.capacity;
  std::optional<Scenario> scenario = LoadScenarioOrTell(options, TellOnTerminal);
  if (!scenario) return ExitCode::kConfiguration;
  const VaryOption vary = OptionFor(capacity.varied, *scenario->program);
  scenario = LoadScenarioOrTell(WithValue(options, vary, capacity.range.from), TellOnTerminal);
  if (!scenario) {
    TellCapacity("--vary takes bots, rate, a group of the scenario or one of its variables");
    return ExitCode::kConfiguration;
  }
  const RunPlan plan(*scenario, 1);
  CapacityRun run;
  run.scenario = plan.program.name;
  run.varied = capacity.varied;
  run.range = capacity.range;
  run.at_least = capacity.at_least;
  run.holds = ReadHolds(capacity.holds, plan.catalog);
  if (run.holds.size() < capacity.holds.size() || !OutputsCanBeWritten(capacity.outputs)) {
    std::fputs("Nothing was started.\n", stderr);
    return ExitCode::kConfiguration;
  }
  CapacityProbes probes(options, vary, run);
  ExitCode code = probes.Begin(plan.program);
  if (code == ExitCode::kPassed) code = SearchCapacity(probes, run);
  probes.End();
  run.interrupted = code == ExitCode::kInterrupted;
  const ExitCode found = TellResult(run, capacity.outputs);
  return code == ExitCode::kPassed ? found : code;
}

}  // namespace stressbot
