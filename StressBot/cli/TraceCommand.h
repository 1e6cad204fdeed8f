#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot trace`: runs one bot of a scenario alone and prints what it and the servers say.
ExitCode TraceScenario(const Options& options);

}  // namespace stressbot
