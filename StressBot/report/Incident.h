#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/report/RunResult.h"

namespace stressbot {

/// For each point of the timeline whether requests were stuck in it: bots waited for replies, and
/// not a single one came.
///
/// Bots are counted at the ends of points. So a first point in which no reply came may just be one
/// in which nothing was asked until shortly before its end. A stretch counts only if bots waited
/// where it began, or if it has a second point: then somebody waited through a whole point in vain.
std::vector<bool> SilentPoints(const RunMetrics& metrics);

/// A stretch of the measured part in which the server did not do what was asked of it.
///
/// Latencies alone would show it too late: a request that is stuck enters the histogram when its
/// reply comes, so a server that stands still for 4 s shows nothing for 4 s and then slow replies.
/// Therefore points without any reply while requests waited, and points in which replies were over
/// the limit of a threshold that failed, are one stretch where they touch.
struct Incident {
  std::chrono::nanoseconds from{}, to{};                ///< since the start
  std::chrono::nanoseconds silent_from{}, silent_to{};  ///< the longest silence in it; else equal
  double slowest_ns = 0;                                ///< of requests that ended in it
  bool is_lower_bound = false;                          ///< the slowest timed out
  std::string step;                                     ///< in which most bots waited at once
  std::uint64_t waiting = 0;                            ///< how many these were
  std::uint64_t active = 0;                             ///< of so many active bots
  double lateness_p99_ns = 0;                           ///< of StressBot's own timers, at its worst

  std::chrono::nanoseconds silence() const { return silent_to - silent_from; }
};

/// Of a run that did not pass, in order of time. Points of a long run may be more than a second.
std::vector<Incident> FindIncidents(const RunResult& result);

/// The longest silence, or without any the longest of all, in one sentence for people: since when
/// and for how long, how many bots it hit, what the server's CPU did, and whether StressBot itself
/// was well. Empty without incidents. May hold bytes from the scenario as they are.
std::string DescribeIncidents(const RunResult& result);

}  // namespace stressbot
