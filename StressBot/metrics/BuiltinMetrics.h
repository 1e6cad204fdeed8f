#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/Threshold.h"

namespace stressbot {

/// One metric that the engine fills by itself. Trends are recorded in ns.
struct BuiltinMetric {
  std::string_view name;
  MetricKind kind;
  std::string_view unit;     ///< ns, bytes, percent; "1" for plain numbers
  std::string_view tags;     ///< names with a space between
  std::string_view meaning;  ///< of "passed" too, for rates
};

/// All of them, in the order in which documents list them.
std::span<const BuiltinMetric> BuiltinMetrics();

/// nullptr when there is none of that name.
const BuiltinMetric* FindBuiltinMetric(std::string_view name);

/// The kind of the metric that a threshold names. `aliases` are the names given with `metric:` on
/// steps; they stand for request_duration. An unknown name or tag gives nothing and fills `error`
/// with a sentence and a suggestion.
std::optional<MetricKind> KindOfSelector(const MetricSelector& selector,
                                         const std::vector<std::string>& aliases,
                                         std::string& error);

}  // namespace stressbot
