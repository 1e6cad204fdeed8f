#pragma once
#include <nlohmann/json.hpp>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for machines, schema "stressbot-run/1". Times end in _ms or _s, sizes in _bytes;
/// a series holds its aggregates of the measured part and of the whole run. All strings are valid
/// UTF-8, so that dump() cannot fail. Needs RunResult::metrics unless nothing was started.
nlohmann::ordered_json ToJson(const RunResult& result);

}  // namespace stressbot
