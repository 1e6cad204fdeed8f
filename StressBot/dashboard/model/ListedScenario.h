#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/json/Diagnostics.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// How many bots a group has, or how many arrive a second, at a moment of the load.
struct LoadPoint {
  double at_s = 0;
  double value = 0;
  friend bool operator==(const LoadPoint&, const LoadPoint&) = default;
};

struct GroupSummary {
  std::string name;
  std::string executor;           ///< constant-bots, ramping-arrival-rate ...
  bool is_open = false;           ///< it has arrivals
  std::uint32_t bots = 0;         ///< its greatest number; of an open group: there may be so many
  double rate = 0;                ///< of an open group: the greatest, arrivals a second
  Nanoseconds start{}, length{};  ///< of its load
  std::vector<LoadPoint> curve;   ///< straight lines between; two points at once are a jump
};

struct ServerSummary {
  std::string name;
  std::string target;    ///< HOST:PORT; empty: each connect says where
  std::string protocol;  ///< the protocol file's name, without its folder
};

struct VariableSummary {
  std::string name;
  std::string recipe;  ///< as JSON, a text without its quotes
};

/// A scenario file as a list shows it. Immutable.
struct ListedScenario {
  std::filesystem::path file;
  std::string section;  ///< the folder within the list's; empty: the list's own
  std::string name, description;
  std::vector<ServerSummary> servers;
  std::vector<GroupSummary> groups;
  std::vector<VariableSummary> variables;
  Nanoseconds length{};  ///< of the load
  /// All that is wrong with it, in the order of the file; then there are no servers and groups.
  std::vector<Diagnostic> mistakes;
  std::vector<Diagnostic> warnings;

  bool is_sound() const { return mistakes.empty(); }
};

/// Nothing when the file is another kind of JSON: one of a protocol, a schema, a report, data.
/// What cannot be read or is no JSON at all is a scenario with mistakes. Costs as much as
/// LoadScenario. Thread: any.
std::optional<ListedScenario> ReadListed(const std::filesystem::path& file,
                                         ScenarioOptions changes = {});

/// Whether the file is what `--out json=FILE` of a run wrote; looks at its beginning only.
bool IsSavedRun(const std::filesystem::path& file);

}  // namespace stressbot
