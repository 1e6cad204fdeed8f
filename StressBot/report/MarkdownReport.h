#pragma once
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for the summary page of a CI job: verdict, thresholds, latencies and first failures
/// in GitHub's Markdown. Names from outside are escaped.
std::string WriteMarkdown(const RunResult& result);

}  // namespace stressbot
