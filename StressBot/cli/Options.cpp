#include "StressBot/cli/Options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "StressBot/cli/OptionValues.h"
#include "StressBot/json/JsonNode.h"
#include "StressBot/metrics/Suggestion.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr const char* kExamples = R"(Examples:
  stressbot run scenarios/login_enter_chat.json
      runs a scenario against the target that it names
  stressbot run town.json --target 10.0.0.5:7777 --bots 5000 --duration 10m --out json=town.json
      another target, more bots, longer, and a report for machines
  stressbot run town.json --server "./game-server --port 0" --target 127.0.0.1:0
      starts the server too, waits until it listens, watches it, and ends it afterwards
  stressbot check town.json
      says what a scenario would do, or what is wrong with it
  stressbot report town.json --out junit=town.xml
      makes other reports of a run that was kept with --out json=town.json
)";

constexpr const char* kExitCodes = R"(Exit codes (the first that applies):
  104  a mistake in the scenario or the options, or beyond this machine's limits; nothing started
  106  could not begin: the server of --server does not listen
  109  internal error
  123  the server of --server died, although nobody asked it to end
  107  nothing worked: target unreachable or silent, or every bot stopped
  120  this machine was the bottleneck, so the numbers say little about the server
  105  Ctrl-C or SIGTERM     103  a step said abort-run
   99  a threshold failed   122  passed, but a report could not be written     0  passed
)";

/// Option texts as CLI11 hands them over, before they are understood.
struct Texts {
  std::string scenario_file, run_file, duration, server_command, source_addresses,
      on_saturation = "fail";
  std::vector<std::string> targets, bots, variables, outputs;
  std::string seed, shards;
  bool allow_public_target = false, quiet = false;
};

CLI::Option* AddList(CLI::App& app, const char* name, std::vector<std::string>& list,
                     const char* type, const char* help) {
  // One value an occurrence: a list would swallow the scenario's name that may follow.
  return app.add_option(name, list, help)->type_name(type)->allow_extra_args(false);
}

/// Options that change a scenario: the same for run and check.
void AddScenarioOptions(CLI::App& app, Texts& texts) {
  app.add_option("SCENARIO", texts.scenario_file, "The scenario file (JSON)")
      ->type_name("FILE")
      ->required();
  AddList(app, "--target", texts.targets, "[NAME=]HOST:PORT",
          "Where the server is (NAME: which of several)");
  AddList(app, "--bots", texts.bots, "[NAME=]N",
          "Bots in all, shared out to the groups in proportion; NAME: of that group");
  app.add_option("--duration", texts.duration, "Length of the load: 30s, 10m, 1.5h")
      ->type_name("D");
  app.add_option("--seed", texts.seed, "Makes every drawn decision repeatable (default: 42)")
      ->type_name("N");
  AddList(app, "--var", texts.variables, "K=V", "Sets a variable of the scenario");
}

void AddReportOption(CLI::App& app, Texts& texts) {
  std::string help = "Writes a report; may be given several times. KIND is";
  const char* separator = " ";
  for (const ReportFormat& format : ReportFormats()) {
    help.append(separator).append(format.name).append(" (").append(format.what).append(")");
    separator = ", ";
  }
  AddList(app, "--out", texts.outputs, "KIND=FILE", help.c_str());
}

void AddRunOptions(CLI::App& app, Texts& texts) {
  app.add_option(
         "--server", texts.server_command,
         "Command that starts the server (no shell). With a target of port 0 its own choice "
         "of port is used")
      ->type_name("COMMAND");
  AddReportOption(app, texts);
  app.add_option("--shards", texts.shards,
                 "Threads that run bots (default: the cores; one less if the server runs here too)")
      ->type_name("N");
  app.add_option("--source-addresses", texts.source_addresses,
                 "Local addresses to connect from, for more ports: 127.0.0.1-127.0.0.4")
      ->type_name("A-B");
  app.add_flag("--allow-public-target", texts.allow_public_target,
               "Allows a target that is neither loopback nor private: be sure that it is yours");
  app.add_option("--on-saturation", texts.on_saturation,
                 "What to do when this machine was the bottleneck: fail (exit code 120) or "
                 "warn (default: fail)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"fail", "warn"}));
  app.add_flag("--quiet", texts.quiet, "No progress and no summary, only the verdict");
}

/// Reads the texts. Any mistake is thrown as CLI11's own, so that all look the same.
class Interpreter {
 public:
  explicit Interpreter(const Texts& texts) : texts_(texts) {}

  Options Read() {
    options_.scenario_file = texts_.scenario_file;
    options_.run_file = texts_.run_file;
    options_.server_command = texts_.server_command;
    if (!texts_.shards.empty()) {
      options_.shards = Demand("--shards", ParseShards(texts_.shards, error_));
    }
    options_.allow_public_target = texts_.allow_public_target;
    options_.saturation_fails = texts_.on_saturation == "fail";
    options_.quiet = texts_.quiet;
    ReadScenarioOptions();
    NoteChanges();
    for (const std::string& text : texts_.outputs) {
      options_.outputs.push_back(Demand("--out", ParseReportOutput(text, error_)));
    }
    if (!texts_.source_addresses.empty()) {
      options_.source_addresses =
          Demand("--source-addresses", ParseSourceAddresses(texts_.source_addresses, error_));
    }
    return std::move(options_);
  }

 private:
  void NoteChanges() {
    const auto note = [this](const char* option, const std::string& text) {
      if (!text.empty()) options_.changes.emplace_back(option, text);
    };
    for (const std::string& text : texts_.targets) note("--target", text);
    for (const std::string& text : texts_.bots) note("--bots", text);
    note("--duration", texts_.duration);
    note("--seed", texts_.seed);
    for (const std::string& text : texts_.variables) note("--var", SplitNamed(text).first);
  }
  void ReadScenarioOptions() {
    ScenarioOptions& scenario = options_.scenario;
    for (const std::string& text : texts_.targets) scenario.targets.push_back(SplitNamed(text));
    for (const std::string& text : texts_.bots) {
      const auto [name, number] = SplitNamed(text);
      scenario.bots.emplace_back(name, Demand("--bots", ParseBots(number, error_)));
    }
    for (const std::string& text : texts_.variables) {
      if (text.find('=') == std::string::npos || text.front() == '=') {
        throw CLI::ValidationError("--var", "\"" + text + "\" is no NAME=VALUE");
      }
      scenario.variables.push_back(SplitNamed(text));
    }
    if (!texts_.duration.empty()) {
      error_ = "\"" + texts_.duration + "\" is no duration; write 30s, 10m or 1.5h";
      scenario.duration = Demand("--duration", ParseDuration(texts_.duration));
    }
    if (!texts_.seed.empty()) scenario.seed = Demand("--seed", ParseSeed(texts_.seed, error_));
    scenario.environment = ReadEnvironment;
  }
  template <typename T>
  T Demand(const char* option, std::optional<T> value) {
    if (!value) throw CLI::ValidationError(option, error_);
    return std::move(*value);
  }

  const Texts& texts_;
  Options options_;
  std::string error_;
};

/// "Did you mean": for an option that CLI11 did not expect, or a word beyond the scenario.
std::string ExplainExtras(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) names.push_back(option->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::vector<std::string> extras = command.remaining();
  const auto is_option = [](const std::string& word) { return word.starts_with("-"); };
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option == extras.end()) {
    const std::string what = command.get_name() == "report" ? "one report" : "one scenario";
    return what + " at a time; \"" + extras.front() + "\" is one word too many";
  }
  const std::string name = option->substr(0, option->find('='));
  return "there is no option " + name + "." + DidYouMean(name, known);
}

ExitCode TellMistake(const CLI::ParseError& error, const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  const std::string name = chosen.empty() ? "stressbot" : "stressbot " + chosen.front()->get_name();
  std::string what = error.what();
  if (chosen.empty() || !app.remaining().empty()) {
    what = "the first word must be a command: run, check or report";
  } else if (!chosen.front()->remaining().empty()) {
    what = ExplainExtras(*chosen.front());
  }
  std::fprintf(stderr, "%s: %s\n%s --help shows all options.\n", name.c_str(), what.c_str(),
               name.c_str());
  return ExitCode::kConfiguration;
}

/// Empty when the first word may be right; otherwise what is wrong with it.
std::string ExplainCommand(std::string_view word) {
  constexpr std::array<std::string_view, 3> kCommands{"run", "check", "report"};
  const bool is_command = std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
  if (is_command || word.starts_with("-")) return {};
  const std::string_view closest = ClosestOf(word, kCommands);
  return "no command \"" + std::string(word) + "\"; " +
         (closest.empty() ? "the commands are run, check and report"
                          : "did you mean \"" + std::string(closest) + "\"?");
}

}  // namespace

ParsedOptions ParseOptions(int argc, const char* const* argv) {
  Texts texts;
  CLI::App app("Load tests for TCP game servers with thousands of scripted bots.", "stressbot");
  app.allow_windows_style_options(false);  // or /dir/town.json would be taken for one
  app.set_version_flag("--version", "stressbot " + ToolVersion());
  app.require_subcommand(1);
  app.footer(kExamples);
  CLI::App& run = *app.add_subcommand("run", "Runs a scenario and judges it");
  AddScenarioOptions(run, texts);
  AddRunOptions(run, texts);
  run.footer(std::string(kExamples) + "\n" + kExitCodes);
  CLI::App& check = *app.add_subcommand("check", "Checks a scenario and says what it would do");
  AddScenarioOptions(check, texts);
  check.footer(
      "Example:\n  stressbot check town.json --bots 5000\n\n"
      "Exit codes:\n    0  the scenario is right\n  104  it has mistakes; all are printed\n");
  CLI::App& report = *app.add_subcommand("report", "Makes reports of a run that was kept as JSON");
  report.add_option("RUN", texts.run_file, "What run --out json=FILE wrote")
      ->type_name("FILE")
      ->required();
  AddReportOption(report, texts);
  report.footer(
      "Without --out it prints the summary.\n\n"
      "Exit codes:\n    0  done, however the run was judged\n  104  RUN cannot be read\n"
      "  122  a report could not be written\n");
  if (argc < 2) {
    // Not a success: a script that lost its arguments must not believe that a load test passed.
    std::fputs(app.help().c_str(), stderr);
    return {std::nullopt, ExitCode::kConfiguration};
  }
  if (const std::string mistake = ExplainCommand(argv[1]); !mistake.empty()) {
    std::fprintf(stderr, "stressbot: %s\nstressbot --help shows how to use it.\n", mistake.c_str());
    return {std::nullopt, ExitCode::kConfiguration};
  }
  try {
    app.parse(argc, argv);
    Options options = Interpreter(texts).Read();
    options.command = check.parsed()    ? Options::Command::kCheck
                      : report.parsed() ? Options::Command::kReport
                                        : Options::Command::kRun;
    return {std::move(options), ExitCode::kPassed};
  } catch (const CLI::Success& success) {  // --help, --version
    app.exit(success);
    return {};
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, TellMistake(error, app)};
  }
}

std::string ToolVersion() { return STRESSBOT_VERSION; }

}  // namespace stressbot
