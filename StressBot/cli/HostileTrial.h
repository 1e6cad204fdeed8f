#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/cli/Options.h"
#include "StressBot/engine/Program.h"
#include "StressBot/json/Diagnostics.h"
#include "StressBot/scenario/ScenarioFile.h"

namespace stressbot {

/// A scenario of scenarios/hostile as it is built into the program.
struct HostileScenario {
  std::string_view name;
  std::string_view text;
};
/// In the order in which they are tried.
const std::vector<HostileScenario>& HostileScenarios();

/// The scenario with the target's protocol, and with `hello` as the packet to misuse where any will
/// do. Its answer is expected then where good servers must give one. nullopt with mistakes in
/// `errors`, as when the protocol has no such misbehaviour.
std::optional<Scenario> CompileHostile(const HostileScenario& scenario,
                                       const std::optional<HelloPacket>& hello,
                                       const std::string& protocol_file,
                                       std::chrono::nanoseconds timeout, Diagnostics& errors);

/// What the server did about the hostile steps of a run, by connections.
struct HostileOutcomes {
  std::uint64_t closed = 0, ignored = 0, replied = 0;
  std::uint64_t as_expected = 0;
  std::uint64_t connected = 0;
  std::string why_not_connected;  ///< empty when all were

  std::uint64_t total() const { return closed + ignored + replied; }
  bool good() const { return total() > 0 && as_expected == total(); }
  /// "closed", "closed 2, ignored 1".
  std::string Words() const;
};

/// Runs the scenario against the address of `target` on one shard, until all its bots have ended,
/// or Ctrl-C. nullopt when their connections did not end in time: then what they use is kept for
/// ever, and the process should end soon.
/// Thread: the main one.
std::optional<HostileOutcomes> RunHostile(const Scenario& scenario, const Server& target,
                                          servercore::StopSignals& signals);

}  // namespace stressbot
