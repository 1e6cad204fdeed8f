#include "StressBot/dashboard/model/RunSettings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "StressBot/cli/OptionValues.h"
#include "StressBot/engine/TargetAddress.h"
#include "StressBot/json/JsonNode.h"
#include "StressBot/scenario/ScenarioFile.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr const char* kFreePort = "127.0.0.1:0";

constexpr std::string_view kPackedProtocol = "packed_chat.protocol.json";

/// One of these protocols, which come with the program.
bool DoAllSpeak(const ListedScenario& scenario, std::initializer_list<std::string_view> protocols) {
  const auto speaks = [&](const ServerSummary& server) {
    return std::ranges::find(protocols, server.protocol) != protocols.end();
  };
  return !scenario.servers.empty() && std::ranges::all_of(scenario.servers, speaks);
}

bool HasPortZero(const std::string& target) {
  const std::size_t colon = target.rfind(':');
  return colon != std::string::npos &&
         target.find_first_not_of('0', colon + 1) == std::string::npos && colon + 1 < target.size();
}

bool IsTarget(std::string target) {
  if (target.find('=') != std::string::npos) return false;  // that is NAME=HOST:PORT
  if (HasPortZero(target)) target.replace(target.rfind(':'), std::string::npos, ":1");
  return ParseHostPort(target).has_value();
}

bool IsCommand(const std::string& command) {
  std::string unheard;
  return SplitCommand(command, Backslash::kEscapesQuotes, unheard).has_value();
}

template <typename Parse>
bool IsUnderstood(const EditedText& field, const Parse& parse) {
  std::string unheard;
  return !field.is_changed() || parse(field.text, unheard).has_value();
}

class ProblemFinder {
 public:
  explicit ProblemFinder(const RunSettings& settings) : settings_(settings) {}

  std::vector<FieldProblem> Find() {
    if (settings_.server != RunSettings::Server::kBundled) FindInTargets();
    for (const RunSettings::Group& group : settings_.groups) {
      Check(IsUnderstood(group.bots, ParseBots), "bots." + group.name, FieldMistake::kBots);
      Check(IsUnderstood(group.rate, ParseRate), "rate." + group.name, FieldMistake::kRate);
    }
    const auto parse_duration = [](const std::string& text, std::string&) {
      const auto duration = ParseDuration(text);
      return duration > Nanoseconds::zero() ? duration : std::nullopt;
    };
    Check(IsUnderstood(settings_.duration, parse_duration), "duration", FieldMistake::kDuration);
    Check(IsUnderstood(settings_.scale, ParseScale), "scale", FieldMistake::kScale);
    Check(IsUnderstood(settings_.seed, ParseSeed), "seed", FieldMistake::kSeed);
    if (settings_.server == RunSettings::Server::kCommand)
      Check(IsCommand(settings_.command), "command", FieldMistake::kNoProgram);
    if (settings_.server == RunSettings::Server::kBundled) {
      Check(!settings_.reference_server.empty(), "reference", FieldMistake::kNoReference);
      Check(settings_.reference_options.empty() || IsCommand(settings_.reference_options),
            "reference", FieldMistake::kNoProgram);
    }
    return std::move(problems_);
  }

 private:
  void FindInTargets() {
    for (const RunSettings::Target& target : settings_.targets) {
      const std::string field = "target." + target.server;
      const std::string& text = target.text.text.empty() ? target.text.original : target.text.text;
      if (!IsTarget(text)) {
        problems_.push_back({field, FieldMistake::kTarget});
      } else if (HasPortZero(text) && settings_.server == RunSettings::Server::kRunning) {
        problems_.push_back({field, FieldMistake::kPortZero});
      }
    }
  }
  void Check(bool is_right, std::string field, FieldMistake mistake) {
    if (!is_right) problems_.push_back({std::move(field), mistake});
  }

  const RunSettings& settings_;
  std::vector<FieldProblem> problems_;
};

void AddTargets(const RunSettings& settings, std::vector<std::string>& words) {
  const bool is_bundled = settings.server == RunSettings::Server::kBundled;
  for (const RunSettings::Target& target : settings.targets) {
    if (!is_bundled && !target.text.is_changed()) continue;
    const std::string text = is_bundled ? kFreePort : target.text.text;
    const bool is_only = settings.targets.size() == 1;
    words.insert(words.end(), {"--target", is_only ? text : target.server + "=" + text});
  }
}

}  // namespace

RunSettings SettingsOf(const ListedScenario& scenario) {
  RunSettings settings;
  settings.scenario_file = Utf8Of(scenario.file);
  for (const ServerSummary& server : scenario.servers) {
    if (!server.target.empty())
      settings.targets.push_back({server.name, EditedText(server.target)});
  }
  for (const GroupSummary& group : scenario.groups) {
    settings.groups.push_back({group.name, group.is_open, EditedText(std::to_string(group.bots)),
                               EditedText(group.is_open ? NumberText(group.rate) : "")});
  }
  for (const VariableSummary& variable : scenario.variables) {
    settings.variables.push_back({variable.name, EditedText(variable.recipe)});
  }
  settings.duration = EditedText(DurationText(scenario.length));
  settings.seed = EditedText(std::to_string(kDefaultSeed));
  if (DoAllSpeak(scenario, {kPackedProtocol})) settings.reference_options = "--protocol packed";
  return settings;
}

RunSettings Renewed(const RunSettings& before, const ListedScenario& scenario) {
  RunSettings now = SettingsOf(scenario);
  const auto keep = [](const EditedText& old_text, EditedText& text) {
    if (old_text.text != old_text.original) text.text = old_text.text;
  };
  for (RunSettings::Target& target : now.targets) {
    const auto old = std::ranges::find(before.targets, target.server, &RunSettings::Target::server);
    if (old != before.targets.end()) keep(old->text, target.text);
  }
  for (RunSettings::Group& group : now.groups) {
    const auto old = std::ranges::find(before.groups, group.name, &RunSettings::Group::name);
    if (old == before.groups.end() || old->is_open != group.is_open) continue;
    keep(old->bots, group.bots);
    keep(old->rate, group.rate);
  }
  for (RunSettings::Variable& variable : now.variables) {
    const auto old =
        std::ranges::find(before.variables, variable.name, &RunSettings::Variable::name);
    if (old != before.variables.end()) keep(old->text, variable.text);
  }
  keep(before.duration, now.duration);
  keep(before.scale, now.scale);
  keep(before.seed, now.seed);
  now.server = before.server;
  now.command = before.command;
  now.reference_server = before.reference_server;
  now.reference_options = before.reference_options;
  now.allow_public_target = before.allow_public_target;
  return now;
}

bool SuitsReferenceServer(const ListedScenario& scenario) {
  return DoAllSpeak(scenario, {kPackedProtocol}) ||
         DoAllSpeak(scenario, {"chat.protocol.json", "town.protocol.json"});
}

std::vector<FieldProblem> ProblemsOf(const RunSettings& settings) {
  return ProblemFinder(settings).Find();
}

std::string ServerCommandOf(const RunSettings& settings) {
  if (settings.server == RunSettings::Server::kRunning) return {};
  if (settings.server == RunSettings::Server::kCommand) return settings.command;
  // As for a POSIX shell: so SplitCommand takes it too, on every system.
  std::string command =
      JoinCommand({settings.reference_server, "--listen", kFreePort}, Quoting::kPosix);
  if (!settings.reference_options.empty()) command += " " + settings.reference_options;
  return command;
}

std::vector<std::string> WordsOf(const RunSettings& settings) {
  std::vector<std::string> words{"run", settings.scenario_file};
  const auto add = [&](const char* option, const EditedText& field, const std::string& name = {}) {
    if (!field.is_changed()) return;
    words.insert(words.end(), {option, name.empty() ? field.text : name + "=" + field.text});
  };
  AddTargets(settings, words);
  for (const RunSettings::Group& group : settings.groups) {
    add("--bots", group.bots, group.name);
    add("--rate", group.rate, group.name);
  }
  add("--scale", settings.scale);
  add("--duration", settings.duration);
  add("--seed", settings.seed);
  for (const RunSettings::Variable& variable : settings.variables) {
    add("--var", variable.text, variable.name);
  }
  if (const std::string command = ServerCommandOf(settings); !command.empty()) {
    words.insert(words.end(), {"--server", command});
  }
  if (settings.allow_public_target) words.emplace_back("--allow-public-target");
  return words;
}

std::string CommandLineOf(const RunSettings& settings, Quoting quoting) {
  std::vector<std::string> words = WordsOf(settings);
  words.insert(words.begin(), "stressbot");
  return JoinCommand(words, quoting);
}

std::optional<Options> ToOptions(const RunSettings& settings, std::string& error) {
  return ParseWords(WordsOf(settings), error);
}

std::string FindReferenceServer(const std::filesystem::path& program_file) {
  std::filesystem::path file = program_file.parent_path() / "reference-server";
  file += program_file.extension();  // ".exe" where programs have one
  std::error_code failure;
  return std::filesystem::is_regular_file(file, failure) ? Utf8Of(file) : std::string();
}

std::string DurationText(Nanoseconds duration) {
  using namespace std::chrono_literals;
  struct Unit {
    Nanoseconds length;
    const char* name;
  };
  static constexpr std::array<Unit, 4> kWhole{{{1h, "h"}, {1min, "m"}, {1s, "s"}, {1ms, "ms"}}};
  for (const Unit& unit : kWhole) {
    if (duration < unit.length || duration % unit.length != 0ns) continue;
    return fmt::format("{}{}", duration / unit.length, unit.name);
  }
  return fmt::format("{}ns", duration.count());
}

std::string NumberText(double number) { return fmt::format("{:.12g}", number); }

}  // namespace stressbot
