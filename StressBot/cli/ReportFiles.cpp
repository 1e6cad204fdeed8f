#include "StressBot/cli/ReportFiles.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "StressBot/report/FileWriter.h"
#include "StressBot/report/Summary.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

/// By trying it: permissions, read-only mounts, quotas and full disks cannot be computed.
std::error_code TryToCreateFileIn(const fs::path& directory) {
  const fs::path probe = directory / ".stressbot-can-write";
  errno = 0;
  std::ofstream file(probe);
  file << '.' << std::flush;  // an empty file fits on a full disk
  const std::error_code why(file ? 0 : errno, std::generic_category());
  file.close();
  std::error_code ignored;
  fs::remove(probe, ignored);
  return why;
}

}  // namespace

bool CanWriteReport(const fs::path& file, std::string& error) {
  std::error_code ignored;
  const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const fs::file_status status = fs::status(file, ignored);
  const std::string what = "the report " + Utf8Of(file) + " cannot be written: ";
  if (fs::is_directory(status)) {
    error = what + "it is a directory; name a file";
  } else if (!fs::is_directory(directory, ignored)) {
    error = what + "there is no directory " + Utf8Of(directory) + "; make it first";
  } else if (fs::is_other(status)) {
    return true;  // a device or pipe is written to as it is
  } else if (const std::error_code why = TryToCreateFileIn(directory)) {
    error = what + "no file can be made in " + Utf8Of(directory) + ": " + ReasonOf(why) +
            "; name a directory in which files can be made";
  }
  return error.empty();
}

ExitCode PrintResult(const std::string& text, ExitCode code) {
  errno = 0;
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return code;
  if (errno == EPIPE) return code;
  std::fprintf(stderr,
               "stressbot: could not write to the standard output: %s. Make room there, or send it "
               "elsewhere.\n",
               ReasonOf({errno, std::generic_category()}).c_str());
  return code == ExitCode::kPassed ? ExitCode::kReportNotWritten : code;
}

ExitCode WriteReports(RunResult& result, const Options& options) {
  for (const ReportOutput& output : options.outputs) {
    std::string error;
    if (!WriteFileAtomically(output.file, output.format->write(result), error)) {
      result.verdict.reasons.push_back({ExitCode::kReportNotWritten, error});
    }
  }
  const std::string text = options.quiet ? FormatVerdict(result) : FormatSummary(result);
  return PrintResult(text, result.verdict.code());
}

}  // namespace stressbot
