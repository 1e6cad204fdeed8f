/// Runs simulated worlds by their seeds: some from a first one on, or new ones until it is stopped.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "tests/sim/Seed.h"

namespace simulation {
namespace {

constexpr const char* kUsage =
    "sim_seeds FIRST [COUNT]     runs so many seeds (1), from the first on\n"
    "sim_seeds --soak [MINUTES]  runs new seeds, so long or until it is stopped\n";
/// Over so many seeds everything that they are there for must have happened.
constexpr std::uint64_t kCoverageSeeds = 100;

const char* program = "sim_seeds";
volatile unsigned long long running_seed = 0;  // for the handler
volatile std::sig_atomic_t stop = 0;

void TellHowToReplay() { std::fprintf(stderr, "replay it with: %s %llu\n", program, running_seed); }

/// An assertion of the core ends the process: the seed must be told all the same.
void OnAbort(int) {
  std::fprintf(stderr, "seed %llu: aborted, see above\n", running_seed);
  TellHowToReplay();
}

class Seeds {
 public:
  /// False when it found a fault, which it tells.
  bool Run(std::uint64_t seed) {
    running_seed = seed;
    const bool is_well =
        Take(seed, "echo", RunEchoSeed(seed)) && Take(seed, "game", RunGameSeed(seed));
    if (!is_well) TellHowToReplay();
    ++count_;
    return is_well;
  }
  std::uint64_t count() const { return count_; }

  /// False when something never happened.
  bool TellWhatHappened() const {
    bool all = true;
    for (const auto& [what, seen] : seen_) {
      std::printf("  %10llu in %4llu seeds  %s\n", static_cast<unsigned long long>(seen.times),
                  static_cast<unsigned long long>(seen.seeds), what.c_str());
      all = all && seen.times > 0;
    }
    if (!all) std::printf("the seeds do not test what they should: something never happened\n");
    return all;
  }

 private:
  struct Seen {
    std::uint64_t times = 0;
    std::uint64_t seeds = 0;  ///< in which it happened: a few, and a change may leave none
  };
  bool Take(std::uint64_t seed, const char* system, const SeedResult& result) {
    for (const std::string& fault : result.faults) {
      std::fprintf(stderr, "seed %llu, %s: %s\n", static_cast<unsigned long long>(seed), system,
                   fault.c_str());
    }
    for (const auto& [what, times] : result.seen) {
      Seen& seen = seen_[std::string(system) + ": " + what];
      seen.times += times;
      if (times > 0) ++seen.seeds;
    }
    return result.faults.empty();
  }

  std::uint64_t count_ = 0;
  std::map<std::string, Seen> seen_;
};

int RunRange(std::uint64_t first, std::uint64_t count) {
  Seeds seeds;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    if (!seeds.Run(seed)) return 1;
  }
  std::printf("%llu seeds, nothing wrong\n", static_cast<unsigned long long>(count));
  const bool happened = seeds.TellWhatHappened();
  return happened || count < kCoverageSeeds ? 0 : 1;
}

/// Short enough to type.
std::uint64_t NewSeed(std::random_device& random) {
  return (std::uint64_t{random()} << 8U) ^ random();
}

int Soak(std::chrono::duration<double> at_most) {
  using Clock = std::chrono::steady_clock;
  std::random_device random;
  Seeds seeds;
  const Clock::time_point begin = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  double told_at = 0;
  bool is_well = true;
  while (is_well && stop == 0 && seconds() < at_most.count()) {
    is_well = seeds.Run(NewSeed(random));
    if (seconds() - told_at < 1 && is_well) continue;
    told_at = seconds();
    std::printf("\r%llu seeds, %.1f a second ", static_cast<unsigned long long>(seeds.count()),
                static_cast<double>(seeds.count()) / told_at);
    std::fflush(stdout);
  }
  std::printf("\n%llu seeds in %.1f minutes, %s\n", static_cast<unsigned long long>(seeds.count()),
              seconds() / 60, is_well ? "nothing wrong" : "the last one failed");
  return is_well ? 0 : 1;
}

/// Ends the process when the text is no number.
std::uint64_t NumberOrExit(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const std::uint64_t number = std::strtoull(copy.c_str(), &end, 10);
  if (copy.empty() || *end != '\0') {
    std::fprintf(stderr, "sim_seeds: \"%s\" is no number\n%s", copy.c_str(), kUsage);
    std::exit(2);
  }
  return number;
}

int Main(int argc, char** argv) {
  program = argv[0];
  std::signal(SIGABRT, OnAbort);
  if (argc < 2 || argc > 3) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (std::string_view(argv[1]) != "--soak") {
    return RunRange(NumberOrExit(argv[1]), argc == 3 ? NumberOrExit(argv[2]) : 1);
  }
  std::signal(SIGINT, [](int) { stop = 1; });
  std::signal(SIGTERM, [](int) { stop = 1; });
  const std::chrono::minutes forever(60 * 24 * 365);
  return Soak(argc == 3 ? std::chrono::minutes(NumberOrExit(argv[2])) : forever);
}

}  // namespace
}  // namespace simulation

int main(int argc, char** argv) { return simulation::Main(argc, argv); }
