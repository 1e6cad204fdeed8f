#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/SlopeFit.h"

namespace stressbot {

class RunMetrics;

/// `p(99)<50ms` on `request_duration{step:move}`.
struct Threshold {
  /// Trend: min avg med p(N) max count. Counter: count, rate (per second of the measured part).
  /// Rate: rate, count (how many passed). Gauge: value (the last) min max slope. A trend has
  /// slope(p(N)), slope(med) and slope(max).
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
  MetricKind kind = MetricKind::kCounter;
  std::string expression;  ///< as written
  Aggregator aggregator = Aggregator::kCount;
  double percent = 0;  ///< of kPercentile, and of a trend's kSlope
  Comparison comparison = Comparison::kLess;
  double limit = 0;         ///< see InNanoseconds; of a slope per hour
  bool in_bytes = false;    ///< limit and value are bytes
  bool is_default = false;  ///< given because the scenario has none of its own
  /// It must hold in every stretch of that length, not in the measured part as a whole.
  std::optional<std::chrono::nanoseconds> window;
  bool abort_on_fail = false;  ///< its failing ends the run
  /// From the beginning of the measured part: until then it ends nothing.
  std::chrono::nanoseconds delay_abort_eval{};

  /// Limit and value are durations in ns; otherwise they are plain numbers.
  bool InNanoseconds() const {
    return kind == MetricKind::kTrend && aggregator != Aggregator::kCount;
  }
};

/// "p(99)<500ms", "p(99)<500ms in each 10.0 s".
std::string Describe(const Threshold& threshold);

/// The left side of a threshold.
struct MetricSelector {
  std::string metric;
  Tags tags;
};
/// Parses `checks` or `request_duration{step:move, group:players}`. Whether such a metric exists is
/// for KindOfSelector. Gives nothing and fills `error` with a sentence when it cannot be read.
std::optional<MetricSelector> ParseMetricSelector(std::string_view text, std::string& error);

/// Parses the right side for a metric of that kind: `p(99)<50ms`. Durations take ns, us, ms, s, m
/// and h; a bare number on a trend is in ms. Limits in bytes take B, kB, MB, GB, KiB, MiB and GiB.
/// A slope is told with its time: `slope<1MB/h`. Errors are sentences with a suggestion.
std::optional<Threshold> ParseThreshold(const MetricSelector& selector, MetricKind kind,
                                        std::string_view expression, std::string& error);

/// The thresholds a scenario without any gets (docs/SCENARIOS.md, "Thresholds").
std::vector<Threshold> DefaultThresholds();

struct ThresholdResult {
  Threshold threshold;
  bool passed = false;
  bool has_data = false;          ///< a trend or rate without samples fails, unless is_default
  std::optional<SlopeFit> slope;  ///< of a slope, if anything could be fitted
  bool is_lower_bound = false;    ///< touches time-outs: print with "≥"
  double value = 0;               ///< in the unit of limit
  std::string text;               ///< the value for people: "12.4 ms", "0.9990"
  std::string detail;             ///< "2,408 of 2,408"; empty when nothing helps

  /// A slope of too few samples: neither passed nor failed, so it fails no run (`passed` is true).
  bool not_judged() const {
    return !has_data && threshold.aggregator == Threshold::Aggregator::kSlope;
  }
};
/// Judges the measured part. A value that is only known as a lower bound (its percentile touches
/// time-outs) cannot prove that something stays below a limit, so it fails; an average counts
/// time-outs at their age. A slope fails only when its whole interval of confidence (see SlopeFit)
/// is on the wrong side of the limit: it grows for certain.
ThresholdResult Judge(const Threshold& threshold, const RunMetrics& metrics);
/// All in order, windows apart (see ThresholdWatch). Default thresholds on metrics that this run
/// does not have at all are left out: a scenario without checks must not fail for lack of them.
std::vector<ThresholdResult> JudgeAll(const std::vector<Threshold>& thresholds,
                                      const RunMetrics& metrics);

}  // namespace stressbot
