#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot compare`: prints what changed between kept runs beyond the noise, and writes it as
/// files. kThresholdFailed when something got worse; kConfiguration when the files are no runs that
/// can be compared.
ExitCode CompareRuns(const CompareOptions& options);

}  // namespace stressbot
