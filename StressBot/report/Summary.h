#pragma once
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The summary for people, printed when a run ends. Latencies and checks are those of the measured
/// part; connections, requests and traffic those of the whole run. Sections without content are
/// left out. Names from outside are made printable.
std::string FormatSummary(const RunResult& result);
/// The same without numbers: the verdict, its reasons, and the last words of a server that died.
std::string FormatVerdict(const RunResult& result);

}  // namespace stressbot
