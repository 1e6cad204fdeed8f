#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// Makes reports of a run that a JSON report kept, or prints its summary when none is asked for.
/// kConfiguration when the file cannot be read, kReportNotWritten when a report cannot be written;
/// what was wrong with the run itself is no matter here.
ExitCode MakeReports(const Options& options);

}  // namespace stressbot
