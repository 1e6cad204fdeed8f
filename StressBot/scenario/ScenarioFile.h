#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/json/Diagnostics.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/metrics/Threshold.h"

namespace stressbot {

/// What the command line may change in a scenario.
struct ScenarioOptions {
  std::vector<std::pair<std::string, std::string>> variables{};  ///< --var NAME=VALUE
  std::vector<std::pair<std::string, std::string>> targets{};    ///< server's name or "", HOST:PORT
  std::string protocol_file{};  ///< --protocol, for all servers; empty: as the scenario says
  std::vector<std::pair<std::string, std::uint32_t>> bots{};  ///< group's name or "" for all
  /// Group's name or "" for all groups with arrivals; arrivals a second.
  std::vector<std::pair<std::string, double>> rates{};
  std::optional<double> scale{};
  std::optional<Nanoseconds> duration{};
  std::optional<std::uint64_t> seed{};
  /// Looks up `${env.X}`; unset: no variable is set.
  std::function<std::optional<std::string>(std::string)> environment{};
};

/// The seed of a run for which nobody asked for one: a fixed number, so that runs can be compared.
inline constexpr std::uint64_t kDefaultSeed = 42;

/// A threshold as it is written, with its place, and as it was understood.
struct ThresholdText {
  std::string selector;    ///< request_duration{step:chat}
  std::string expression;  ///< p(99)<50ms
  std::string file;
  int line = 0;
  std::string path;
  Threshold threshold;
};

struct Scenario {
  std::shared_ptr<const Program> program;  ///< servers are not resolved yet
  std::vector<ThresholdText> thresholds;
  bool has_thresholds_key = false;  ///< false: the default thresholds apply
  std::vector<Diagnostic> warnings;
};

/// Reads, checks and compiles a scenario with its protocol files. nullopt when anything is wrong:
/// then `errors` holds all mistakes that were found, in the order of the file.
std::optional<Scenario> LoadScenario(const std::filesystem::path& file,
                                     const ScenarioOptions& options, Diagnostics& errors);
/// The same for a document that is in memory; protocol files are looked for relative to its file.
std::optional<Scenario> CompileScenario(const JsonDocument& document,
                                        const ScenarioOptions& options, Diagnostics& errors);

/// A few lines for `stressbot check`: groups, bots over time, steps, packets a second at the
/// plateau, descriptors and ports needed.
std::string Explain(const Scenario& scenario);

}  // namespace stressbot
