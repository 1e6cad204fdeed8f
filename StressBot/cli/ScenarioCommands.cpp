#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "StressBot/cli/OptionCommands.h"
#include "StressBot/cli/OptionValues.h"
#include "StressBot/json/JsonNode.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr const char* kExitCodes = R"(Exit codes (the first that applies):
  104  a mistake in the scenario or the options, or beyond this machine's limits; nothing started
  106  could not begin: the server of --server does not listen, the port of --control is taken, or
       --scrape gets no answer
  109  internal error
  123  the server of --server or a process of --watch-pid ended, although nobody asked it to
  107  nothing worked: target unreachable or silent, or every bot stopped
  120  this machine was the bottleneck, so the numbers say little about the server
  105  Ctrl-C or SIGTERM     103  a step said abort-run, or somebody aborted it by --control
   99  a threshold failed   121  only thresholds on slopes failed: something grows
  122  passed, but a report could not be written     0  passed
)";

constexpr const char* kKeys =
    R"(Keys, at a terminal while it runs:
  p  pause our load, or go on     +  a tenth more bots and arrivals     -  a tenth fewer
  m  mark this moment             q  end the load now                   ?  this list
)";

constexpr const char* kCapacityHelp = R"(Examples:
  stressbot capacity town.json --hold "chat_rtt: p(99)<100ms" --vary players=500..20000 --duration 30s
      begins with 500, doubles until the condition breaks, narrows the gap down to 5 %, and tries both of its
      ends again; every try is a run of 30 s
  stressbot capacity town.json --hold "chat_rtt: p(99)<100ms" --hold "bots_dropped: count==0" --vary bots=500..20000
      --at-least 5000 --server "./game-server --port 0" --target 127.0.0.1:0 --fresh-server --out json=capacity.json
      for CI: fails when 5,000 bots do not hold

Exit codes:
    0  found, or at least as many as --at-least asks for
   99  fewer than --at-least hold, or not even FROM
  120  this machine gave in before --at-least was reached (or at once): use a larger one, or more --shards
  104, 106, 109, 105  as for run; Ctrl-C tells what is known so far     122  a report could not be written
)";

constexpr const char* kTraceExamples = R"(Examples:
  stressbot trace town.json
      the first bot of the first group, alone: each packet decoded, waits, checks, endings
  stressbot trace town.json --bot 512 --packets 20 --server "./game-server --port 0" --target 127.0.0.1:0

Exit codes:
    0  the server answered     104  a mistake in the scenario or the options
  106  the server of --server does not listen     107  no connection, or no answer
)";

/// Option texts as CLI11 hands them over, before they are understood.
struct Texts {
  std::string scenario_file, protocol_file, run_file, duration, server_command, source_addresses,
      on_saturation = "fail";
  std::vector<std::string> targets, mappings, bots, rates, variables, outputs, watched;
  std::vector<std::string> holds, capacity_outputs;
  std::string varied, at_least, scrape_url, scraped_series;
  bool fresh_server = false;
  std::string scale, seed, shards, trace_bot, trace_packets, repeat, control, control_token;
  bool allow_public_target = false, quiet = false, until_fail = false;
};

/// Options that change a scenario: the same for run and check.
void AddScenarioOptions(CLI::App& app, Texts& texts) {
  app.add_option("SCENARIO", texts.scenario_file, "The scenario file (JSON)")
      ->type_name("FILE")
      ->required();
  AddList(app, "--target", texts.targets, "[NAME=]HOST:PORT",
          "Where the server is (NAME: which of several)");
  app.add_option("--protocol", texts.protocol_file,
                 "The protocol file, instead of what the scenario names for its servers")
      ->type_name("FILE");
  AddList(app, "--bots", texts.bots, "[NAME=]N",
          "Bots in all, shared out to the groups in proportion; NAME: of that group");
  AddList(app, "--rate", texts.rates, "[NAME=]N[/UNIT]",
          "Arrivals in all, shared out to the groups that have them; NAME: of that group; UNIT: s "
          "(default), m, h or a duration");
  app.add_option("--scale", texts.scale,
                 "Bots, arrival rates and maxBots of all groups times this: 0.1")
      ->type_name("F");
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
  AddList(
      app, "--watch-pid", texts.watched, "[NAME=]PID",
      "A process that runs already: its CPU, memory, handles and threads are followed, and that "
      "it lives; may be given several times. NAME: a server of the scenario, or any other");
  app.add_option("--scrape", texts.scrape_url,
                 "Prometheus endpoint of the server (http only), asked once a second for --series: "
                 "http://127.0.0.1:9100/metrics")
      ->type_name("URL");
  app.add_option("--series", texts.scraped_series,
                 "What --scrape takes: NAME or NAME{label=\"value\"}, several with commas between; "
                 "NAME_total is shown as its growth a second")
      ->type_name("NAMES");
  app.add_option("--shards", texts.shards,
                 "Threads that run bots (default: the cores; one less if the server runs here too)")
      ->type_name("N");
  app.add_option("--source-addresses", texts.source_addresses,
                 "Local addresses to connect from, for more ports: 127.0.0.1-127.0.0.4")
      ->type_name("A-B");
  AddList(app, "--map-target", texts.mappings, "FROM=TO",
          "Where to connect instead of where a reply of the server sends bots: 10.1.2.3=127.0.0.1, "
          "lobby:7001=127.0.0.1:8001");
  AddPublicTargetFlag(app, texts.allow_public_target);
  app.add_option("--on-saturation", texts.on_saturation,
                 "What to do when this machine was the bottleneck: fail (exit code 120) or "
                 "warn (default: fail)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"fail", "warn"}));
}

void AddControlOptions(CLI::App& app, Texts& texts) {
  app.add_option("--control", texts.control,
                 "Lets programs look at the run and steer it over HTTP while it goes on: "
                 "127.0.0.1:6565 (docs/CONTROL.md)")
      ->type_name("HOST:PORT");
  app.add_option("--control-token", texts.control_token,
                 "What they must show; needed where other machines can reach it. Better in the "
                 "environment: STRESSBOT_CONTROL_TOKEN")
      ->type_name("TOKEN");
}

void AddSeriesOptions(CLI::App& app, Texts& texts) {
  app.add_flag("--quiet", texts.quiet, "No progress and no summary, only the verdict");
  app.add_option(
         "--repeat", texts.repeat,
         "So many runs, one after the other, each with the next seed and a fresh server "
         "(--server); their reports are numbered: town-3.json. Tells how often they failed, "
         "and how")
      ->type_name("N");
  app.add_flag("--until-fail", texts.until_fail,
               "Runs again until a run fails (with --repeat: N times at most)");
}

void AddTraceOptions(CLI::App& app, Texts& texts) {
  app.add_option("--bot", texts.trace_bot,
                 "Which bot: they are numbered from 0, one group after the other (default: 0)")
      ->type_name("N");
  app.add_option("--packets", texts.trace_packets, "Ends after so many packets (default: 100)")
      ->type_name("N");
  app.add_option("--server", texts.server_command,
                 "Command that starts the server (no shell), as in run")
      ->type_name("COMMAND");
  AddPublicTargetFlag(app, texts.allow_public_target);
}

/// Reads the texts. Any mistake is thrown as CLI11's own, so that all look the same.
class Interpreter {
 public:
  Interpreter(const Texts& texts, Options& options) : texts_(texts), options_(options) {}

  void Read() {
    options_.scenario_file = texts_.scenario_file;
    options_.run_file = texts_.run_file;
    options_.server_command = texts_.server_command;
    for (const std::string& text : texts_.watched) {
      options_.watched.push_back(Demand("--watch-pid", ParseWatchRequest(text, error_)));
    }
    ReadScrape();
    if (!texts_.shards.empty()) {
      options_.shards = Demand("--shards", ParseShards(texts_.shards, error_));
    }
    for (const std::string& text : texts_.mappings) {
      options_.target_mappings.push_back(Demand("--map-target", ParseTargetMapping(text, error_)));
    }
    options_.allow_public_target = texts_.allow_public_target;
    options_.saturation_fails = texts_.on_saturation == "fail";
    options_.quiet = texts_.quiet;
    options_.series.until_fail = texts_.until_fail;
    if (!texts_.repeat.empty())
      options_.series.times = Demand("--repeat", ParseTimes(texts_.repeat, error_));
    ReadControl();
    ReadScenarioOptions();
    NoteChanges();
    if (!texts_.varied.empty()) ReadCapacityOptions();
    if (!texts_.trace_bot.empty())
      options_.trace.bot = Demand("--bot", ParseBotId(texts_.trace_bot, error_));
    if (!texts_.trace_packets.empty())
      options_.trace.packets = Demand("--packets", ParsePacketCount(texts_.trace_packets, error_));
    for (const std::string& text : texts_.outputs) {
      options_.outputs.push_back(Demand("--out", ParseReportOutput(text, error_)));
    }
    if (!texts_.source_addresses.empty()) {
      options_.source_addresses =
          Demand("--source-addresses", ParseSourceAddresses(texts_.source_addresses, error_));
    }
  }

 private:
  void ReadScrape() {
    if (texts_.scrape_url.empty() && texts_.scraped_series.empty()) return;
    if (texts_.scrape_url.empty())
      throw CLI::ValidationError("--series", "says what to take, but not where: give --scrape URL");
    if (texts_.scraped_series.empty())
      throw CLI::ValidationError("--scrape",
                                 "needs the names of what to take: give --series NAMES");
    options_.scrape = Demand("--scrape", ParseScrapeUrl(texts_.scrape_url, error_));
    options_.scrape->series =
        Demand("--series", ParseSeriesSelectors(texts_.scraped_series, error_));
  }
  void NoteChanges() {
    const auto note = [this](const char* option, const std::string& text) {
      if (!text.empty()) options_.changes.emplace_back(option, text);
    };
    for (const std::string& text : texts_.targets) note("--target", text);
    note("--protocol", texts_.protocol_file);
    for (const std::string& text : texts_.mappings) note("--map-target", text);
    for (const std::string& text : texts_.bots) note("--bots", text);
    for (const std::string& text : texts_.rates) note("--rate", text);
    note("--scale", texts_.scale);
    note("--duration", texts_.duration);
    note("--seed", texts_.seed);
    for (const std::string& text : texts_.variables) note("--var", SplitNamed(text).first);
  }
  void ReadControl() {
    if (texts_.control.empty()) {
      if (!texts_.control_token.empty())
        throw CLI::ValidationError("--control-token", "has no meaning without --control");
      return;
    }
    const auto address = Demand("--control", ParseControlAddress(texts_.control, error_));
    const std::string token = texts_.control_token.empty()
                                  ? ReadEnvironment("STRESSBOT_CONTROL_TOKEN").value_or("")
                                  : texts_.control_token;
    options_.control = Demand("--control", MakeControlPoint(address, token, error_));
  }
  void ReadCapacityOptions() {
    CapacityOptions& capacity = options_.capacity;
    std::tie(capacity.varied, capacity.range) =
        Demand("--vary", ParseVaried(texts_.varied, error_));
    for (const std::string& text : texts_.holds) {
      Demand("--hold", ParseCondition(text, error_));
      capacity.holds.push_back(text);
    }
    if (!texts_.at_least.empty())
      capacity.at_least = Demand("--at-least", ParseTimes(texts_.at_least, error_));
    capacity.fresh_server = texts_.fresh_server;
    for (const std::string& text : texts_.capacity_outputs) {
      capacity.outputs.push_back(Demand("--out", ParseOutput(text, {"json", "markdown"}, error_)));
    }
    if (capacity.fresh_server && options_.server_command.empty())
      throw CLI::ValidationError("--fresh-server", "needs --server, which says how to start it");
  }
  void ReadScenarioOptions() {
    ScenarioOptions& scenario = options_.scenario;
    for (const std::string& text : texts_.targets) scenario.targets.push_back(SplitNamed(text));
    scenario.protocol_file = texts_.protocol_file;
    for (const std::string& text : texts_.bots) {
      const auto [name, number] = SplitNamed(text);
      scenario.bots.emplace_back(name, Demand("--bots", ParseBots(number, error_)));
    }
    for (const std::string& text : texts_.rates) {
      const auto [name, rate] = SplitNamed(text);
      scenario.rates.emplace_back(name, Demand("--rate", ParseRate(rate, error_)));
    }
    if (!texts_.scale.empty()) scenario.scale = Demand("--scale", ParseScale(texts_.scale, error_));
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
  Options& options_;
  std::string error_;
};

OptionCommand ScenarioCommand(CLI::App& app, Options::Command command,
                              std::shared_ptr<Texts> texts) {
  return {&app, command, [texts](Options& options) { Interpreter(*texts, options).Read(); }};
}

}  // namespace

OptionCommand AddRunCommand(CLI::App& program) {
  const auto texts = std::make_shared<Texts>();
  CLI::App& run = *program.add_subcommand("run", "Runs a scenario and judges it");
  AddScenarioOptions(run, *texts);
  AddReportOption(run, *texts);
  AddRunOptions(run, *texts);
  AddControlOptions(run, *texts);
  AddSeriesOptions(run, *texts);
  run.footer(std::string(kRunExamples) + "\n" + kKeys + "\n" + kExitCodes);
  return ScenarioCommand(run, Options::Command::kRun, texts);
}

OptionCommand AddCapacityCommand(CLI::App& program) {
  const auto texts = std::make_shared<Texts>();
  CLI::App& capacity = *program.add_subcommand(
      "capacity", "Finds out how many a server carries, by many runs of a scenario");
  AddScenarioOptions(capacity, *texts);
  AddList(capacity, "--hold", texts->holds, "CONDITION",
          "What must hold, a threshold as in a scenario: \"chat_rtt: p(99)<100ms\"; may be given "
          "several times. The scenario's own thresholds do not count")
      ->required();
  capacity
      .add_option("--vary", texts->varied,
                  "What is varied: bots (all of them), rate (all arrivals), a group (its bots, or "
                  "its arrivals a second if it has arrivals) or a variable of the scenario")
      ->type_name("NAME=FROM..TO")
      ->required();
  capacity.add_option("--at-least", texts->at_least, "Exit code 99 when so many do not hold")
      ->type_name("N");
  capacity.add_flag("--fresh-server", texts->fresh_server,
                    "Starts the server of --server anew for each run, instead of once for all");
  AddList(
      capacity, "--out", texts->capacity_outputs, "KIND=FILE",
      "Writes what was found; may be given several times. KIND is json (for machines), markdown "
      "(a page for a CI job)");
  AddRunOptions(capacity, *texts);
  capacity.footer(kCapacityHelp);
  return ScenarioCommand(capacity, Options::Command::kCapacity, texts);
}

OptionCommand AddCheckCommand(CLI::App& program) {
  const auto texts = std::make_shared<Texts>();
  CLI::App& check = *program.add_subcommand("check", "Checks a scenario and says what it would do");
  AddScenarioOptions(check, *texts);
  check.footer(
      "Example:\n  stressbot check town.json --bots 5000\n\n"
      "Exit codes:\n    0  the scenario is right\n  104  it has mistakes; all are printed\n");
  return ScenarioCommand(check, Options::Command::kCheck, texts);
}

OptionCommand AddReportCommand(CLI::App& program) {
  const auto texts = std::make_shared<Texts>();
  CLI::App& report =
      *program.add_subcommand("report", "Makes reports of a run that was kept as JSON");
  report.add_option("RUN", texts->run_file, "What run --out json=FILE wrote")
      ->type_name("FILE")
      ->required();
  AddReportOption(report, *texts);
  report.footer(
      "Without --out it prints the summary.\n\n"
      "Exit codes:\n    0  done, however the run was judged\n  104  RUN cannot be read\n"
      "  122  a report could not be written\n");
  return ScenarioCommand(report, Options::Command::kReport, texts);
}

OptionCommand AddTraceCommand(CLI::App& program) {
  const auto texts = std::make_shared<Texts>();
  CLI::App& trace =
      *program.add_subcommand("trace", "Follows one bot of a scenario, packet by packet");
  AddScenarioOptions(trace, *texts);
  AddTraceOptions(trace, *texts);
  trace.footer(kTraceExamples);
  return ScenarioCommand(trace, Options::Command::kTrace, texts);
}

}  // namespace stressbot
