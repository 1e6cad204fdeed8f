#pragma once
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// A green or red label for each threshold, with value and limit, in as many rows as it needs. A
/// click shows it on the plots.
void DrawThresholds(const RunContext& run, float width);

/// Strips across the screen: the server died, nothing works, this machine is the bottleneck.
void DrawBanners(const RunContext& run);

}  // namespace stressbot::run
