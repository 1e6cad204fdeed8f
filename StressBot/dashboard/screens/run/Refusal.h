#pragma once
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// Why there is no run: nothing was started, or the scenario or the options are wrong.
void DrawRefusal(const RunContext& run);

}  // namespace stressbot::run
