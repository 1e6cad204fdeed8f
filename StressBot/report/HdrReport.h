#pragma once
#include <string>

#include "StressBot/metrics/Histogram.h"
#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for HdrHistogram's own tools: its log, version 1.3, with one histogram of the
/// measured part, in ns, for each trend that has data. The tag is metric{name:value;...} with `_`
/// in place of what a log cannot hold (commas, blanks).
std::string WriteHdrLog(const RunResult& result);

/// A histogram in HdrHistogram's compressed V2 encoding, as base64. Its buckets are ours. The zlib
/// stream holds stored blocks: what the encoding leaves is small, and so no library is needed.
std::string EncodeHdr(const Histogram& histogram);

}  // namespace stressbot
