#pragma once
#include <span>
#include <string>
#include <string_view>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// A kind of report file: `--out NAME=FILE`.
struct ReportFormat {
  std::string_view name;
  std::string_view what;  ///< for --help: "everything, for machines"
  /// The whole text of the file. RunResult::metrics may be null: the run could not begin.
  std::string (*write)(const RunResult& result);
};

/// All of them. A new one is one line there.
std::span<const ReportFormat> ReportFormats();

/// nullptr when there is none of that name.
const ReportFormat* FindReportFormat(std::string_view name);

}  // namespace stressbot
