#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// Where a run stands, seen from outside.
enum class RunState : std::uint8_t {
  kStarting,  ///< the load has not begun: the server is being started
  kRunning,
  kPaused,
  kStopping,  ///< bots are leaving
  kOver
};
inline constexpr std::array<std::string_view, 5> kRunStateNames{"starting", "running", "paused",
                                                                "stopping", "over"};

inline constexpr std::array<std::string_view, 5> kBotStateNames{"dormant", "connecting", "active",
                                                                "ending", "away"};

struct GroupStatus {
  std::string name;
  bool is_open = false;        ///< has arrivals
  std::uint32_t bots_max = 0;  ///< there can be no more
  double target = 0;           ///< bots, or arrivals a second, that are wanted now
  std::array<std::uint32_t, kBotStateNames.size()> bots_in{};  ///< in that order, newest interval
  bool can_change = true;  ///< false: each of its bots does a number of iterations
};

/// What a person wants to know of the newest interval (a second).
struct RunFigures {
  std::chrono::nanoseconds from{}, to{};  ///< since the start of the run
  double requests_per_s = 0, failures_per_s = 0;
  double packets_sent_per_s = 0, packets_received_per_s = 0;
  double bytes_sent_per_s = 0, bytes_received_per_s = 0;
  /// Of request_duration. A lower bound when it touches time-outs; 0 without replies.
  std::int64_t p50_ns = 0, p95_ns = 0, p99_ns = 0, max_ns = 0;
  bool p99_is_lower_bound = false;
};

struct RunStatus {
  std::string scenario;
  RunState state = RunState::kStarting;
  Phase phase = Phase::kWarmup;          ///< of the newest interval
  std::chrono::nanoseconds elapsed{};    ///< since the start of the run
  std::chrono::nanoseconds load_time{};  ///< the same without pauses
  std::chrono::nanoseconds planned{};    ///< load_time at the end of the load
  bool changed = false;                  ///< by hand
  std::vector<GroupStatus> groups;
  RunFigures newest;
};

/// REQUIRES an interval of that catalog.
RunFigures FiguresOf(const MetricsInterval& interval, const MetricsCatalog& catalog);

}  // namespace stressbot
