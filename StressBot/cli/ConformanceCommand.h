#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot conformance`: each scenario of scenarios/hostile against a server, and what it did.
ExitCode TestConformance(const Options& options);

}  // namespace stressbot
