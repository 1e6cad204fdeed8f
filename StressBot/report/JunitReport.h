#pragma once
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for CI servers: JUnit's XML. The run itself, each threshold and each check are test
/// cases. The run is an error when it says little about the server (it could not begin, the
/// generator was the bottleneck, ...). A check that did not always hold is a failure when a
/// threshold on checks failed by it, so that file and exit code agree.
std::string WriteJunit(const RunResult& result);

}  // namespace stressbot
