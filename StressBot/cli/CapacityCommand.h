#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot capacity`: how many a server carries, by a search (CapacitySearch) whose probes are
/// runs. Each is a child process with the next seed; the server of --server is started once for
/// all, or with --fresh-server by each of them.
ExitCode MeasureCapacity(const Options& options);

}  // namespace stressbot
