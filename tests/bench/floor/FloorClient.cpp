/// bench_floor echo|broadcast|churn PORT CONNECTIONS SECONDS
/// Prints what it did as one line of JSON.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/bench/floor/Loads.h"
#include "tests/bench/floor/Sockets.h"

namespace {

using Load = bench::Tally (*)(const bench::LoadOptions&);

Load FindLoad(std::string_view name) {
  if (name == "echo") return bench::RunEcho;
  if (name == "broadcast") return bench::RunBroadcast;
  if (name == "churn") return bench::RunChurn;
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = argc == 5 ? FindLoad(argv[1]) : nullptr;
  if (load == nullptr) {
    std::fprintf(stderr, "usage: bench_floor echo|broadcast|churn PORT CONNECTIONS SECONDS\n");
    return EXIT_FAILURE;
  }
  bench::LoadOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  options.connections = static_cast<std::size_t>(std::atoi(argv[3]));
  options.duration = std::chrono::duration<double>(std::atof(argv[4]));
  bench::RaiseDescriptorLimit();
  const bench::Tally tally = load(options);
  std::printf("{\"done\": %llu, \"failed\": %llu, \"seconds\": %.6f}\n",
              static_cast<unsigned long long>(tally.done),
              static_cast<unsigned long long>(tally.failed), tally.took.count());
  return EXIT_SUCCESS;
}
