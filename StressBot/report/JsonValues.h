#pragma once
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "StressBot/metrics/MetricsCatalog.h"

/// How the JSON report writes values, and how they are read again. Durations are written in ms and
/// moments in s, as shortest decimals that give the same double again.
namespace stressbot {

double MillisecondsOf(double ns);
double MillisecondsOf(std::int64_t ns);
double SecondsOf(std::chrono::nanoseconds time);

/// A duration that is written as `milliseconds` again: the one that was written, if it was whole.
double NanosecondsOf(double milliseconds);

nlohmann::ordered_json TagsJson(const Tags& tags);
const char* NameOf(MetricKind kind);
/// nullptr-safe: nothing of that name gives false.
bool KindOf(std::string_view name, MetricKind& kind);

}  // namespace stressbot
