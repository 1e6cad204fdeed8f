#pragma once
#include <array>
#include <string_view>

/// Names of the JSON report that its writer and its reader share.
namespace stressbot {

inline constexpr std::string_view kRunSchema = "stressbot-run/1";
inline constexpr std::array<const char*, 3> kPhaseNames{"warmup", "load", "stop"};  ///< by Phase
/// By TrendPoint::Value.
inline constexpr std::array<const char*, 5> kTrendPointNames{"p50", "p95", "p99", "p99.9", "max"};

}  // namespace stressbot
