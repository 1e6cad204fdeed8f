#include "StressBot/cli/Options.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "StressBot/cli/OptionCommands.h"
#include "StressBot/metrics/Suggestion.h"

namespace stressbot {

namespace {

std::vector<OptionCommand> AddCommands(CLI::App& program) {
  std::vector<OptionCommand> commands{AddRunCommand(program),      AddCheckCommand(program),
                                      AddTraceCommand(program),    AddProbeCommand(program),
                                      AddReportCommand(program),   AddCompareCommand(program),
                                      AddCapacityCommand(program), AddConformanceCommand(program)};
  for (OptionCommand& command : AddProtocolCommands(program)) {
    commands.push_back(std::move(command));
  }
  return commands;
}

std::vector<const CLI::App*> CommandsBelow(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> NamesBelow(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* below : CommandsBelow(app)) names.push_back(below->get_name());
  return names;
}

/// "run and check", "run, check and protocol".
std::string Listed(const std::vector<std::string>& names, const char* last_joint) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last_joint : ", ";
    text += names[i];
  }
  return text;
}

/// "stressbot protocol init": the words that lead to it.
std::string FullName(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : FullName(*parent) + " " + app.get_name();
}

/// The command that the words chose, as far as they did.
const CLI::App& Chosen(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : Chosen(*chosen.front());
}

/// "Did you mean": for an option that CLI11 did not expect, or a word beyond the file.
std::string ExplainExtras(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) names.push_back(option->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::vector<std::string> extras = command.remaining();
  const auto is_option = [](const std::string& word) { return word.starts_with("-"); };
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option == extras.end()) {
    const std::string& name = command.get_name();
    const bool takes_scenario = command.get_option_no_throw("SCENARIO") != nullptr;
    const char* what = takes_scenario     ? "one scenario at a time; "
                       : name == "report" ? "one report at a time; "
                                          : "";
    return what + ("\"" + extras.front()) + "\" is one word too many";
  }
  const std::string name = option->substr(0, option->find('='));
  return "there is no option " + name + "." + DidYouMean(name, known);
}

const CLI::App& AtFault(const CLI::App& app) { return app.remaining().empty() ? Chosen(app) : app; }

std::string Explain(const CLI::ParseError& error, const CLI::App& app) {
  const CLI::App& chosen = AtFault(app);
  const std::vector<std::string> below = NamesBelow(chosen);
  std::string what = error.what();
  if (!below.empty()) {
    what = std::string(chosen.get_parent() == nullptr ? "the first word" : "the next word") +
           " must be a command: " + Listed(below, " or ");
  } else if (!chosen.remaining().empty()) {
    what = ExplainExtras(chosen);
  }
  return what;
}

ExitCode TellMistake(const CLI::ParseError& error, const CLI::App& app) {
  const std::string name = FullName(AtFault(app));
  std::fprintf(stderr, "%s: %s\n%s --help shows all options.\n", name.c_str(),
               Explain(error, app).c_str(), name.c_str());
  return ExitCode::kConfiguration;
}

/// The command words are told before the parsing, which would call a misspelt one an option's
/// value. Empty when they may be right; otherwise what is wrong.
std::string ExplainCommand(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = &app;
  for (int i = 1; i < argc; ++i) {
    const std::vector<std::string> names = NamesBelow(*command);
    const std::string word = argv[i];
    if (names.empty() || word.starts_with("-")) return {};
    const std::vector<const CLI::App*> below = CommandsBelow(*command);
    const auto named = std::ranges::find(below, word, &CLI::App::get_name);
    if (named != below.end()) {
      command = *named;
      continue;
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string_view closest = ClosestOf(word, known);
    return FullName(*command) + ": no command \"" + word + "\"; " +
           (closest.empty() ? "the commands are " + Listed(names, " and ")
                            : "did you mean \"" + std::string(closest) + "\"?");
  }
  return {};
}

void Describe(CLI::App& app) {
  app.allow_windows_style_options(false);  // or /dir/town.json would be taken for one
  app.set_version_flag("--version", "stressbot " + ToolVersion());
  app.require_subcommand(1);
  app.footer(kRunExamples);
}

/// Throws CLI::Error.
Options Understand(CLI::App& app, const std::vector<OptionCommand>& commands, int argc,
                   const char* const* argv) {
  app.parse(argc, argv);
  const auto is_parsed = [](const OptionCommand& command) { return command.app->parsed(); };
  const auto chosen = std::find_if(commands.begin(), commands.end(), is_parsed);
  Options options;
  options.command = chosen->command;  // CLI11 requires that there is one
  options.words.assign(argv + 1, argv + argc);
  chosen->read(options);
  return options;
}

}  // namespace

ParsedOptions ParseOptions(int argc, const char* const* argv) {
  CLI::App app("Load tests for TCP game servers with thousands of scripted bots.", "stressbot");
  Describe(app);
  const std::vector<OptionCommand> commands = AddCommands(app);
  if (argc < 2) {
    // Not a success: a script that lost its arguments must not believe that a load test passed.
    std::fputs(app.help().c_str(), stderr);
    return {std::nullopt, ExitCode::kConfiguration};
  }
  if (const std::string mistake = ExplainCommand(app, argc, argv); !mistake.empty()) {
    std::fprintf(stderr, "%s\nstressbot --help shows how to use it.\n", mistake.c_str());
    return {std::nullopt, ExitCode::kConfiguration};
  }
  try {
    return {Understand(app, commands, argc, argv), ExitCode::kPassed};
  } catch (const CLI::Success& success) {  // --help, --version
    app.exit(success);
    return {};
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, TellMistake(error, app)};
  }
}

std::optional<Options> ParseWords(const std::vector<std::string>& words, std::string& error) {
  std::vector<const char*> argv{"stressbot"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  CLI::App app("", "stressbot");
  Describe(app);
  const std::vector<OptionCommand> commands = AddCommands(app);
  try {
    return Understand(app, commands, static_cast<int>(argv.size()), argv.data());
  } catch (const CLI::ParseError& mistake) {
    error = Explain(mistake, app);
    return std::nullopt;
  }
}

std::string ToolVersion() { return STRESSBOT_VERSION; }

}  // namespace stressbot
