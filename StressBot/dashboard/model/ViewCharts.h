#pragma once
#include <vector>

#include "StressBot/dashboard/model/RunView.h"

/// The plots of a RunView. Need RunResult::metrics.
namespace stressbot {

inline constexpr double kShortestTold_s =
    0.5;  ///< of a shorter stretch a share or rate says nothing

plot::Points PointsOf(const Timeline& timeline);
std::vector<LatencyChoice> LatencyChoices(const RunResult& result, Language language);
/// Those with data, and that of errors, which everybody looks for.
std::vector<plot::Chart> ChartsOf(const RunMetrics& metrics, Language language);
plot::Heat HeatOf(const RunMetrics& metrics, Language language);
/// What was not measured, when the load was paused, and what was wrong. `incidents` as
/// FindIncidents gives them.
std::vector<plot::Band> BandsOf(const RunResult& result, const std::vector<Incident>& incidents);

}  // namespace stressbot
