#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot run --repeat N --until-fail`: the same run again and again, each as a child process
/// with the next seed, its own server (--server) and its own reports. Tells how often it failed and
/// how. The code is the first by precedence of all runs; kInterrupted after Ctrl-C.
ExitCode RunSeries(const Options& options);

}  // namespace stressbot
