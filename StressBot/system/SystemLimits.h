#pragma once
#include <chrono>
#include <cstdint>

namespace stressbot {

/// What the system allows this process.
struct SystemLimits {
  /// Whether ports whose connection we closed first can be used again before `time_wait` is over.
  enum class TimeWaitReuse : std::uint8_t { kNever, kLoopback, kAlways };

  std::uint64_t descriptors = 0;      ///< that it may hold
  std::uint64_t descriptors_max = 0;  ///< to which it may raise that by itself
  std::uint64_t descriptors_open = 0;
  std::uint16_t first_ephemeral_port = 32768;
  std::uint16_t last_ephemeral_port = 60999;
  std::chrono::seconds time_wait{60};  ///< how long such a port is blocked (TIME_WAIT)
  TimeWaitReuse time_wait_reuse = TimeWaitReuse::kNever;

  std::uint64_t ephemeral_ports() const {
    return static_cast<std::uint64_t>(last_ephemeral_port) - first_ephemeral_port + 1;
  }
};

/// Raises the number of descriptors to what is allowed, then tells all limits.
SystemLimits RaiseAndReadLimits();

}  // namespace stressbot
