#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

namespace stressbot {

/// What a process uses at one moment.
struct ProcessStats {
  std::chrono::nanoseconds cpu_time{};  ///< of all its threads since it began
  std::uint64_t memory_bytes = 0;       ///< resident
  int threads = 0;
  int descriptors = 0;  ///< 0 when we may not look
};

/// Nothing when there is no such process (any more).
std::optional<ProcessStats> ReadProcessStats(std::int64_t pid);

/// When it began, in units of the system: tells two processes apart that had the same number one
/// after the other. Cheap. Nothing when there is no such process (any more).
std::optional<std::uint64_t> ReadProcessBirth(std::int64_t pid);

/// Whether the process with that birth has ended. Not when it only cannot be looked at just now, as
/// without a free descriptor.
bool HasProcessEnded(std::int64_t pid, std::uint64_t birth);

std::int64_t OwnProcessId();

/// Cores that this process may use; at least 1.
unsigned UsableCores();

}  // namespace stressbot
