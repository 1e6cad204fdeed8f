#pragma once
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for spreadsheets and scripts: one number a line (RFC 4180, with a header line).
/// Columns: part (measured, whole, timeline), metric, tags (`name:value` with `;` between), from_s,
/// to_s, phase (of points in time), aggregate, value, at_least (1 where the number touches
/// time-outs, so that the true one is at least that). Durations are in ms. Series without data are
/// left out.
std::string WriteCsv(const RunResult& result);

}  // namespace stressbot
