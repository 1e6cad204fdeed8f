#include "StressBot/cli/CheckCommand.h"

#include <cstdio>

#include "StressBot/cli/RunPlan.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

void TellMistakeCount(std::size_t count, const std::string& file) {
  std::fprintf(stderr, "%zu %s in %s; nothing was started. Correct %s and try again.\n", count,
               count == 1 ? "mistake" : "mistakes", file.c_str(), count == 1 ? "it" : "them");
}

std::optional<Scenario> LoadScenarioOrTell(const Options& options) {
  Diagnostics errors;
  std::optional<Scenario> scenario =
      LoadScenario(PathOf(options.scenario_file), options.scenario, errors);
  if (!scenario) {
    std::string text = errors.ToString();
    if (!text.ends_with('\n')) text += '\n';
    std::fputs(text.c_str(), stderr);
    TellMistakeCount(errors.list().size(), options.scenario_file);
    return std::nullopt;
  }
  for (const Diagnostic& warning : scenario->warnings) {
    std::fprintf(stderr, "warning: %s\n", warning.ToString().c_str());
  }
  return scenario;
}

ExitCode CheckScenario(const Options& options) {
  const std::optional<Scenario> scenario = LoadScenarioOrTell(options);
  if (!scenario) return ExitCode::kConfiguration;
  const RunPlan plan(*scenario, 1);
  if (!TellUnknownThresholds(*scenario, plan.catalog, false)) return ExitCode::kConfiguration;
  std::fputs(Explain(*scenario).c_str(), stdout);
  return ExitCode::kPassed;
}

}  // namespace stressbot
