#pragma once
#include <string>
#include <vector>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// The variables that a flow and the flows that it calls give values to (set, save), in the order
/// in which they are written: their slots. Names that cannot be variables are reported.
std::vector<std::string> CollectVariables(const ScenarioContext& context, const std::string& flow);

/// Says what is wrong with a name for a variable; empty when nothing is.
std::string MistakeInVariableName(const std::string& name);

}  // namespace stressbot
