#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace simulation {

/// What became of one seed.
struct SeedResult {
  std::vector<std::string> faults;  ///< what was not as it must be; empty: all is well
  std::uint64_t trace_hash = 0;     ///< equal for equal runs
  /// How often each thing happened that the seeds are there for ("resets"): over a
  /// hundred seeds none may be zero, or they do not test what they say.
  std::map<std::string, std::uint64_t> seen;
};

/// A small server that tells every byte from every other, and clients that hold it to them.
SeedResult RunEchoSeed(std::uint64_t seed);

/// The reference server and the bot engine with the shipped scenario.
SeedResult RunGameSeed(std::uint64_t seed);

}  // namespace simulation
