#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"

/// How the program's commands are written. In the .cpp files of options only, for CLI11 takes long
/// to compile. A new command is a function here, a line in Options.cpp and a case in main.cpp.
namespace stressbot {

/// A command with its options. `read` is for after the parsing: it understands their texts, which
/// it keeps, and throws CLI::ValidationError about one that means nothing.
struct OptionCommand {
  CLI::App* app = nullptr;
  Options::Command command = Options::Command::kRun;
  std::function<void(Options&)> read;
};

OptionCommand AddRunCommand(CLI::App& program);
OptionCommand AddCheckCommand(CLI::App& program);
OptionCommand AddReportCommand(CLI::App& program);
OptionCommand AddCapacityCommand(CLI::App& program);
OptionCommand AddCompareCommand(CLI::App& program);
OptionCommand AddTraceCommand(CLI::App& program);
OptionCommand AddProbeCommand(CLI::App& program);
OptionCommand AddConformanceCommand(CLI::App& program);
/// `protocol init` and `protocol show`.
std::vector<OptionCommand> AddProtocolCommands(CLI::App& program);

/// Takes one value an occurrence: a list would swallow the file's name that may follow.
inline CLI::Option* AddList(CLI::App& app, const char* name, std::vector<std::string>& list,
                            const char* type, const char* help) {
  return app.add_option(name, list, help)->type_name(type)->allow_extra_args(false);
}

inline void AddPublicTargetFlag(CLI::App& app, bool& is_allowed) {
  app.add_flag("--allow-public-target", is_allowed,
               "Allows a target that is neither loopback nor private: be sure that it is yours");
}

inline constexpr const char* kRunExamples =
    R"(Examples:
  stressbot run scenarios/login_enter_chat.json
      runs a scenario against the target that it names
  stressbot run town.json --target 10.0.0.5:7777 --bots 5000 --duration 10m --out json=town.json
      another target, more bots, longer, and a report for machines
  stressbot run town.json --server "./game-server --port 0" --target 127.0.0.1:0
      starts the server too, waits until it listens, watches it, and ends it afterwards
  stressbot run town.json --repeat 20 --until-fail --server "./game-server --port 0" --target 127.0.0.1:0
      again and again, each time with another seed and a fresh server, until something breaks
  stressbot run town.json --control 127.0.0.1:6565
      may be looked at and steered while it runs: curl 127.0.0.1:6565/status
  stressbot check town.json
      says what a scenario would do, or what is wrong with it
  stressbot report town.json --out junit=town.xml
      makes other reports of a run that was kept with --out json=town.json
  stressbot capacity town.json --hold "chat_rtt: p(99)<100ms" --vary players=500..20000 --duration 30s
      finds out how many the server carries
  stressbot compare old-1.json old-2.json old-3.json new.json
      says what got worse, beyond what the old runs differ by themselves
  stressbot conformance --target 127.0.0.1:7777 --protocol game.protocol.json
      says what the server does about clients that break the rules
  stressbot protocol init --proto Protocol.proto --out game.protocol.json
      writes a protocol file to start from, for a server of your own
)";

}  // namespace stressbot
