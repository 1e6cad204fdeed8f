#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot probe`: one connection to a server; shows what arrives, sends what is typed.
ExitCode ProbeServer(const Options& options);

}  // namespace stressbot
