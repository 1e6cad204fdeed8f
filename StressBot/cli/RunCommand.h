#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot run`: prepares, starts the server if asked, drives the load, judges, reports.
ExitCode RunScenario(const Options& options);

}  // namespace stressbot
