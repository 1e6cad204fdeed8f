#pragma once
#include <chrono>

#include "StressBot/metrics/GaugeCurve.h"
#include "StressBot/metrics/RunMetrics.h"
#include "StressBot/metrics/Threshold.h"

namespace stressbot {

/// What a threshold is judged by: the measured part of a run, or a window of it.
struct ThresholdSample {
  Selection selection;              ///< of its metric and tags
  GaugeCurve curve;                 ///< of a gauge
  std::chrono::nanoseconds time{};  ///< how long that part is
};

/// As Judge of Threshold.h, which gathers the sample of the whole measured part.
ThresholdResult JudgeSample(const Threshold& threshold, const ThresholdSample& sample);

}  // namespace stressbot
