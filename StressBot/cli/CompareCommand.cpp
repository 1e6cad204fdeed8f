#include "StressBot/cli/CompareCommand.h"

#include <cstdio>
#include <memory>

#include "StressBot/analysis/ComparisonReports.h"
#include "StressBot/cli/ReportFiles.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/report/RunReader.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

void TellCompare(const std::string& sentence) {
  std::fprintf(stderr, "stressbot compare: %s\n", sentence.c_str());
}

/// All files, or nothing after telling what is wrong with each.
std::vector<std::unique_ptr<RecordedRun>> ReadRuns(const std::vector<std::string>& files) {
  std::vector<std::unique_ptr<RecordedRun>> runs;
  for (const std::string& file : files) {
    std::string error;
    auto run = ReadRunFile(PathOf(file), error);
    if (run == nullptr) {
      TellCompare(error);
    } else {
      runs.push_back(std::move(run));
    }
  }
  if (runs.size() < files.size()) runs.clear();
  return runs;
}

std::string TextOfKind(const Comparison& comparison, const std::string& kind) {
  if (kind == "json") return ComparisonJson(comparison);
  return kind == "junit" ? ComparisonJunit(comparison) : ComparisonMarkdown(comparison);
}

}  // namespace

ExitCode CompareRuns(const CompareOptions& options) {
  const auto runs = ReadRuns(options.run_files);
  if (runs.empty()) return ExitCode::kConfiguration;
  std::vector<NamedRun> old_runs;
  for (std::size_t i = 0; i < runs.size(); ++i)
    old_runs.push_back({options.run_files[i], &runs[i]->result});
  const NamedRun new_run = old_runs.back();
  old_runs.pop_back();
  const std::vector<std::string> reasons = WhyNotComparable(old_runs, new_run);
  for (const std::string& reason : reasons) TellCompare(reason);
  if (!reasons.empty()) return ExitCode::kConfiguration;

  const Comparison comparison = Compare(old_runs, new_run, {options.tolerance});
  const ExitCode printed = PrintResult(FormatComparison(comparison), ExitCode::kPassed);
  bool all_written = printed == ExitCode::kPassed;
  for (const FileOutput& output : options.outputs) {
    std::string error;
    if (WriteFileAtomically(output.file, TextOfKind(comparison, output.kind), error)) continue;
    TellCompare(error);
    all_written = false;
  }
  if (comparison.IsWorse()) return ExitCode::kThresholdFailed;
  return all_written ? ExitCode::kPassed : ExitCode::kReportNotWritten;
}

}  // namespace stressbot
