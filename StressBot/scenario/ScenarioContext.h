#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// What the compilers of a scenario's parts share while one file is read. Lives on the stack of
/// LoadScenario.
struct ScenarioContext {
  const JsonDocument& document;
  const ScenarioOptions& options;
  Diagnostics& errors;
  std::vector<Diagnostic>& warnings;

  std::vector<Server> servers{};  ///< protocol is null when its file has mistakes
  /// Servers without a target of their own, by index: each connect to them must have one.
  std::map<std::uint8_t, JsonNode> without_target{};
  std::map<std::string, JsonNode> macros{};  ///< `variables`: drawn anew at each use
  std::map<std::string, Value> overrides{};  ///< of macros, by --var
  std::set<std::string> macros_used{};
  std::vector<Feed> feeds{};              ///< table is null when its file has mistakes
  std::vector<std::string> feed_paths{};  ///< where each stands
  std::set<std::uint16_t> feeds_used{};   ///< by the flow that is being compiled
  std::map<std::string, JsonNode> flows{};
  bool flows_are_there = false;  ///< or no group's flow can be judged
  std::set<std::string> flows_used{};
  std::map<std::string, std::uint16_t> marks{};  ///< names, to their place in Program::marks
  struct MeetingPoint {
    std::uint16_t point = 0;  ///< in Program::rendezvous
    std::uint32_t bots = 0;   ///< as written; 0: all that come there
    std::string path;         ///< of the step that says so, else of the first one there
  };
  std::map<std::string, MeetingPoint> rendezvous{};
  std::map<std::string, std::string> aliases{};  ///< `metric` of a step, to the step's name
  /// False when a server, group or flow was refused: a threshold may then name what is right but
  /// was not read.
  bool names_are_known = false;
  std::vector<FanOut> fanouts{};  ///< Program::fanouts while it grows
  std::string first_join{};       ///< the place of one; empty: nobody joins an audience
  Nanoseconds timeout = std::chrono::seconds(5);
  RetryPolicy retry{};

  void Error(const std::string& path, std::string message) const;
  void Warn(const std::string& path, std::string message) const;
  /// A mistake on the command line: `option` is "--bots", as the user wrote it.
  void OptionError(std::string option, std::string message) const;
  std::optional<std::uint8_t> FindServer(const std::string& name) const;
};

/// The names of a map, for suggestions.
template <typename Map>
std::vector<std::string> NamesOf(const Map& map) {
  std::vector<std::string> names;
  names.reserve(map.size());
  for (const auto& entry : map) names.push_back(entry.first);
  return names;
}

}  // namespace stressbot
