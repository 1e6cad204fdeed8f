#pragma once
#include <filesystem>
#include <string>

#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// What LoadScenario made of a text.
struct Loaded {
  std::optional<Scenario> scenario;
  Diagnostics errors;

  /// REQUIRES a scenario.
  const Program& program() const { return *scenario->program; }
  const FlowProgram& flow() const { return program().groups.front().flow; }
};

/// Writes the text to a file of its own directory and loads it. `@` in the text stands for the path
/// of the tests' protocol file.
Loaded LoadText(std::string text, const ScenarioOptions& options = {});

/// A scenario of one group whose flow is a connect and these steps; the first line of `steps` is
/// line kFirstStepLine of the file.
inline constexpr int kFirstStepLine = 7;
std::string FlowText(const std::string& steps);
/// The same without the connect.
std::string BareFlowText(const std::string& steps);

Loaded LoadSteps(const std::string& steps);

}  // namespace stressbot
