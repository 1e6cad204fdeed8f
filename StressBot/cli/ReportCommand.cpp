#include "StressBot/cli/ReportCommand.h"

#include <cstdio>

#include "StressBot/cli/ReportFiles.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/RunReader.h"
#include "StressBot/report/Summary.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

ExitCode MakeReports(const Options& options) {
  std::string error;
  const auto run = ReadRunFile(PathOf(options.run_file), error);
  if (run == nullptr) {
    std::fprintf(stderr, "stressbot report: %s\n", error.c_str());
    return ExitCode::kConfiguration;
  }
  if (options.outputs.empty()) {
    return PrintResult(FormatSummary(run->result), ExitCode::kPassed);
  }
  ExitCode code = ExitCode::kPassed;
  for (const ReportOutput& output : options.outputs) {
    if (WriteFileAtomically(output.file, output.format->write(run->result), error)) continue;
    std::fprintf(stderr, "stressbot report: %s\n", error.c_str());
    code = ExitCode::kReportNotWritten;
  }
  return code;
}

}  // namespace stressbot
