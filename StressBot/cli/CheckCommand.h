#pragma once
#include "StressBot/cli/Options.h"
#include "StressBot/cli/RunPlan.h"

namespace stressbot {

/// `stressbot check`: prints what the scenario would do, or all its mistakes.
ExitCode CheckScenario(const Options& options);

/// The closing line after the mistakes of a scenario: how many, and how to go on.
void TellMistakeCount(std::size_t count, const std::string& file, const Tell& tell);

/// Loads a scenario; tells warnings, or all mistakes and how to go on.
std::optional<Scenario> LoadScenarioOrTell(const Options& options, const Tell& tell);

}  // namespace stressbot
