#pragma once
#include <filesystem>
#include <string>

#include "StressBot/cli/Options.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// Whether a report can be written there, found out before the run. Fills `error` with a sentence
/// when not.
bool CanWriteReport(const std::filesystem::path& file, std::string& error);

/// Prints what a command is run for. Returns `code`, or in place of a pass that a report could not
/// be written, which the standard error stream then tells: a disk may be full. A reader who left a
/// pipe early has what it wanted.
ExitCode PrintResult(const std::string& text, ExitCode code);

/// Writes what was asked for, then prints the summary (or, when quiet, the verdict alone). A report
/// that cannot be written becomes a reason of the verdict. Returns the run's exit code.
ExitCode WriteReports(RunResult& result, const Options& options);

}  // namespace stressbot
