#pragma once
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// What one looks for first, from top to bottom: whether the server lives, whether it got the load
/// that was asked for, latencies against their thresholds, in which step the bots are, and what
/// failed first.
void DrawOverview(const RunContext& run);

/// Its cards. Each REQUIRES RunNow::view, but the server's.
void DrawServerCard(const RunContext& run);
void DrawLoadCard(const RunContext& run);
void DrawLatencyCard(const RunContext& run);
void DrawFunnelCard(const RunContext& run);
void DrawFirstFailuresCard(const RunContext& run);

}  // namespace stressbot::run
