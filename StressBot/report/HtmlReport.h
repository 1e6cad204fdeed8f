#pragma once
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// One page for people that needs no other file and no network: the verdict and what failed in
/// words, tables, and charts on one time axis. Bounded: some hundred KB, however long the run was.
std::string WriteHtml(const RunResult& result);

}  // namespace stressbot
