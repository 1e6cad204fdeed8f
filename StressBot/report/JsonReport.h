#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// The report for machines, schema "stressbot-run/1" (docs/run.schema.json): everything that is
/// known of a run, so that ReadRun makes the same RunResult of it. Times end in _ms, _s or _ns,
/// sizes in _bytes; a series holds its aggregates of the measured part and of the whole run. All
/// strings are valid UTF-8, so that dump() cannot fail. Needs RunResult::metrics unless nothing was
/// started.
nlohmann::ordered_json ToJson(const RunResult& result);

/// Its text: a line for each series, threshold, server and event.
std::string WriteJson(const RunResult& result);

}  // namespace stressbot
