#pragma once
#include <filesystem>
#include <string>

#include "StressBot/cli/Options.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// Whether a report can be written there, found out before the run. Fills `error` with a sentence
/// when not.
bool CanWriteReport(const std::filesystem::path& file, std::string& error);

/// Writes what was asked for, then prints the summary (or, when quiet, the verdict alone). A report
/// that cannot be written becomes a reason of the verdict. Returns the run's exit code.
ExitCode WriteReports(RunResult& result, const Options& options);

}  // namespace stressbot
