#pragma once
#include <cstdint>
#include <string>

namespace stressbot {

/// Seconds since 1970 of "2026-01-31T12:00:00Z", as RunResult::started_at is; 0 when it cannot be
/// read.
std::int64_t EpochSeconds(const std::string& iso);

}  // namespace stressbot
