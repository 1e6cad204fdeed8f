#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"

namespace stressbot {

class RunMetrics;

/// `p(99)<50ms` on `request_duration{step:move}`.
struct Threshold {
  enum class Aggregator : std::uint8_t {
    kMin,
    kAvg,
    kMed,
    kPercentile,
    kMax,
    kCount,
    kRate,
    kValue,
    kSlope
  };
  enum class Comparison : std::uint8_t {
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kEqual,
    kNotEqual
  };

  std::string metric;  ///< or an alias
  Tags tags;
  std::string expression;  ///< as written
  Aggregator aggregator = Aggregator::kCount;
  double percent = 0;  ///< of kPercentile
  Comparison comparison = Comparison::kLess;
  double limit = 0;         ///< ns for trends, else a plain number
  bool is_default = false;  ///< given because the scenario has none of its own
};

/// Parses the left side: `checks`, `request_duration{step:move, group:players}`.
/// Returns an empty string and fills `error` with a sentence when it cannot be read.
struct MetricSelector {
  std::string metric;
  Tags tags;
};
std::optional<MetricSelector> ParseMetricSelector(std::string_view text, std::string& error);

/// Parses the right side for a metric of that kind; a bare number on a trend is in ms.
std::optional<Threshold> ParseThreshold(const MetricSelector& selector, MetricKind kind,
                                        std::string_view expression, std::string& error);

/// The thresholds a scenario without any gets (FORMATS section 2, Defaults).
std::vector<Threshold> DefaultThresholds();

struct ThresholdResult {
  Threshold threshold;
  bool passed = false;
  bool has_data = false;        ///< a trend or rate without samples fails with "no data"
  bool is_lower_bound = false;  ///< touches time-outs: print with "≥"
  double value = 0;             ///< in the unit of limit
  std::string text;             ///< the value for people: "12.4 ms", "0.9990"
  std::string detail;           ///< "2,408 of 2,408"; empty when nothing helps
};
ThresholdResult Judge(const Threshold& threshold, const RunMetrics& metrics);

}  // namespace stressbot
