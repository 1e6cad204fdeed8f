#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/cli/Options.h"
#include "StressBot/dashboard/model/ListedScenario.h"
#include "StressBot/system/CommandLine.h"

namespace stressbot {

/// A field that a user may change. Emptied it means what the file says.
struct EditedText {
  std::string text, original;

  EditedText() = default;
  explicit EditedText(std::string from_file) : text(from_file), original(std::move(from_file)) {}
  bool is_changed() const { return !text.empty() && text != original; }
};

/// What is wrong with a field.
enum class FieldMistake : std::uint8_t {
  kBots,
  kRate,
  kDuration,
  kScale,
  kSeed,
  kTarget,
  kPortZero,    ///< a target without a port, though no server is started that chooses one
  kNoProgram,   ///< the command is empty, or ends inside a quote
  kNoReference  ///< there is no reference server beside the program
};

struct FieldProblem {
  std::string field;  ///< "bots.players", "target.game", "duration", "command"
  FieldMistake mistake;
};

/// What is changed in a scenario before a run, as texts that a user types, and which server is
/// started with it.
struct RunSettings {
  enum class Server : std::uint8_t {
    kRunning,  ///< it is there already, at the target
    kBundled,  ///< the reference server, at a free port
    kCommand   ///< `command` starts it
  };
  struct Target {
    std::string server;
    EditedText text;
  };
  struct Group {
    std::string name;
    bool is_open = false;
    EditedText bots;  ///< of an open group: how many there may be
    EditedText rate;  ///< of an open group: arrivals a second
  };
  struct Variable {
    std::string name;
    EditedText text;
  };

  std::string scenario_file;
  std::vector<Target> targets;  ///< of servers that have one
  std::vector<Group> groups;
  std::vector<Variable> variables;
  EditedText duration, scale{"1"}, seed;
  Server server = Server::kRunning;
  std::string command;
  std::string reference_server;   ///< its program; empty: there is none
  std::string reference_options;  ///< what it is told besides where to listen
  bool allow_public_target = false;
};

/// As the file has it.
RunSettings SettingsOf(const ListedScenario& scenario);

/// The same for a file that was read again: what was changed stays changed where it still exists.
RunSettings Renewed(const RunSettings& before, const ListedScenario& scenario);

/// Whether the reference server speaks its protocols, as far as their files' names tell.
bool SuitsReferenceServer(const ListedScenario& scenario);

/// All fields that cannot be understood; nothing can be started while there are any.
std::vector<FieldProblem> ProblemsOf(const RunSettings& settings);

/// The command that starts the server; empty when it runs already.
std::string ServerCommandOf(const RunSettings& settings);

/// What `stressbot` is told for the same run: "run", the file, and options for what differs from
/// it.
std::vector<std::string> WordsOf(const RunSettings& settings);
/// The same for a terminal.
std::string CommandLineOf(const RunSettings& settings, Quoting quoting);
/// The same, understood by the command line's own code, so that what is clicked is what CI runs.
/// Nothing, with a sentence in `error`, while there are problems.
std::optional<Options> ToOptions(const RunSettings& settings, std::string& error);

/// The reference server beside the program `program_file`; empty when it is not there.
std::string FindReferenceServer(const std::filesystem::path& program_file);

/// As a scenario writes it, exactly: "30s", "1.5s", "2m".
std::string DurationText(Nanoseconds duration);
/// "100", "0.5": as many digits as it takes.
std::string NumberText(double number);

}  // namespace stressbot
