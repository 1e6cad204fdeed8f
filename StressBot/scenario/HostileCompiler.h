#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "StressBot/scenario/PacketCompiler.h"

namespace stressbot {

/// Compiles the steps that break the rules: `bytes` and `hostile`. What they send is made of the
/// protocol's header layout, so they fit any server.
class HostileCompiler {
 public:
  HostileCompiler(ScenarioContext& context, FlowBuild& build)
      : context_(context), build_(build), packets_(context, build) {}

  void CompileBytes(const JsonNode& step);
  void CompileHostile(const JsonNode& step);

 private:
  /// Siblings that every such step may have, and the instruction.
  void Finish(const JsonNode& step, const std::string& name, HostileStep& hostile);
  void CompileExpected(const JsonNode& step, HostileStep& hostile);
  void CompileOutcome(const JsonNode& word, HostileStep& hostile);
  bool CompileKind(const JsonNode& step, const std::string& kind, HostileStep& hostile);
  /// The packet that the step names, else `otherwise`; nullopt after an error.
  std::optional<PacketIndex> CompilePacket(const JsonNode& step, const Protocol& protocol,
                                           std::optional<PacketIndex> otherwise);
  /// False after an error.
  bool CompilePackets(const JsonNode& step, HostileStep& hostile,
                      std::optional<PacketIndex> otherwise, std::uint32_t count_default);

  ScenarioContext& context_;
  FlowBuild& build_;
  PacketCompiler packets_;
};

/// The names of `hostile`.
const std::vector<std::string>& HostileKinds();

}  // namespace stressbot
