#include "StressBot/cli/CheckCommand.h"

#include <cstdio>
#include <string>

#include "StressBot/system/Utf8Path.h"

namespace stressbot {

void TellMistakeCount(std::size_t count, const std::string& file, const Tell& tell) {
  const bool is_one = count == 1;
  tell(std::to_string(count) + (is_one ? " mistake" : " mistakes") + " in " + file +
       "; nothing was started. Correct " + (is_one ? "it" : "them") + " and try again.");
}

std::optional<Scenario> LoadScenarioOrTell(const Options& options, const Tell& tell) {
  Diagnostics errors;
  std::optional<Scenario> scenario =
      LoadScenario(PathOf(options.scenario_file), options.scenario, errors);
  if (!scenario) {
    std::string text = errors.ToString();
    if (text.ends_with('\n')) text.pop_back();
    tell(text);
    TellMistakeCount(errors.list().size(), options.scenario_file, tell);
    return std::nullopt;
  }
  for (const Diagnostic& warning : scenario->warnings) tell("warning: " + warning.ToString());
  return scenario;
}

ExitCode CheckScenario(const Options& options) {
  const std::optional<Scenario> scenario = LoadScenarioOrTell(options, TellOnTerminal);
  if (!scenario) return ExitCode::kConfiguration;
  const RunPlan plan(*scenario, 1);
  if (!TellUnknownThresholds(*scenario, plan.catalog, false, TellOnTerminal))
    return ExitCode::kConfiguration;
  std::fputs(Explain(*scenario).c_str(), stdout);
  return ExitCode::kPassed;
}

}  // namespace stressbot
