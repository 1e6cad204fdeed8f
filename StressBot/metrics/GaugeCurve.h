#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/TimelinePoint.h"

namespace stressbot {

class RunMetrics;

/// A gauge over the measured part of a run. Where the timeline merged intervals, a point stands for
/// all of them, with their mean, least and greatest value; of several series together, least and
/// greatest are then bounds, since they need not have been at the same moment.
struct GaugeCurve {
  struct Point {
    double minute = 0;  ///< since the start of the run
    double mean = 0, min = 0, max = 0, last = 0;
    std::uint32_t intervals = 1;
  };
  std::vector<Point> points;

  bool empty() const { return points.empty(); }
  // 0 without points.
  double Mean() const;
  double Min() const;
  double Max() const;
  double Last() const;
};

/// The sum of all series of that gauge whose tags include the given ones.
GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags);
GaugeCurve CurveOf(const RunMetrics& metrics, GaugeId gauge);
/// That value of a trend over time, in ns: the worst of all its series. Where nothing was recorded
/// there is no point.
GaugeCurve CurveOf(const RunMetrics& metrics, std::string_view metric, const Tags& tags,
                   TrendPoint::Value value);

}  // namespace stressbot
