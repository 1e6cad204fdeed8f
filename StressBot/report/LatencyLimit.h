#pragma once
#include <cstddef>
#include <optional>

#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/metrics/Threshold.h"

namespace stressbot {

bool WantsLess(const Threshold& threshold);  ///< "<" or "<="

/// A threshold on a latency as a limit that each point in time keeps or not: "p(99)<250ms" of the
/// replies of a second.
class LatencyLimit {
 public:
  /// Nothing for a threshold that no single point can be measured with: one that is not on
  /// latencies, that wants more instead of less, or whose percentile points do not keep.
  static std::optional<LatencyLimit> Of(const Threshold& threshold, const MetricsCatalog& catalog);

  struct Moment {
    double worst_ns = 0;          ///< of the series that the threshold is on
    bool is_lower_bound = false;  ///< it touches time-outs
    bool is_over = false;
  };
  /// Nothing when nothing ended in that point. `timeline` is of the catalog's run.
  std::optional<Moment> At(const Timeline& timeline, std::size_t point) const;

 private:
  LatencyLimit(const Threshold& threshold, std::size_t value, SeriesMatch match);

  double limit_ns_;
  bool limit_is_over_;  ///< the limit itself breaks it
  std::size_t value_;   ///< TrendPoint::Value
  SeriesMatch match_;
};

}  // namespace stressbot
