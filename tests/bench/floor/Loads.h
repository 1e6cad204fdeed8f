#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

/// The least that any client must do for each of the benchmarks' loads: no checks, no metrics, no
/// scenario. What StressBot does is told as a share of it.
namespace bench {

using Clock = std::chrono::steady_clock;

struct LoadOptions {
  std::uint16_t port = 0;
  std::size_t connections = 0;
  std::chrono::duration<double> duration{};
};

struct Tally {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::chrono::duration<double> took{};
};

/// One frame in flight on each connection. done: round trips.
Tally RunEcho(const LoadOptions& options);
/// Reads and walks from header to header. done: frames.
Tally RunBroadcast(const LoadOptions& options);
/// Connect, one round trip, reset, and again. done: connections.
Tally RunChurn(const LoadOptions& options);

}  // namespace bench
