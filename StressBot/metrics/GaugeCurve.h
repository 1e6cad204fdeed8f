#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"

namespace stressbot {

class RunMetrics;

/// A gauge over the measured part of a run: one value an interval.
struct GaugeCurve {
  std::vector<double> minutes;  ///< since the start of the run
  std::vector<double> values;

  double Mean() const;  ///< 0 without values
  double Max() const;   ///< 0 without values
  /// By least squares, per minute; nothing unless there are values at two times.
  std::optional<double> Slope() const;
};

/// The sum of all series of that gauge whose tags include the given ones.
GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags);

}  // namespace stressbot
