#pragma once
#include <optional>
#include <string>
#include <vector>

#include "StressBot/scenario/ConditionCompiler.h"
#include "StressBot/scenario/FlowBuild.h"

namespace stressbot {

/// The parts that several verbs share: which server, which packet, what is sent, what is awaited,
/// how long, and what a failure does.
class PacketCompiler {
 public:
  PacketCompiler(ScenarioContext& context, FlowBuild& build) : context_(context), build_(build) {}

  /// The server of `on`, else the only one, else that of the last connect before the step. nullopt
  /// after an error.
  std::optional<std::uint8_t> CompileServer(const JsonNode& step);
  /// The same for a step that needs the connection to be open.
  std::optional<std::uint8_t> CompileOpenServer(const JsonNode& step);

  /// kUnknownPacket after an error.
  static PacketIndex CompilePacketName(const JsonNode& node, const Protocol& protocol,
                                       PacketDirection direction);
  /// The packet named by `verb` with its `fields`; `tree` is what `${sent.x}` refers to.
  Outgoing CompileOutgoing(const JsonNode& step, const char* verb, std::uint8_t server,
                           const ExpressionScope& scope, FieldTree& tree);
  /// The same for a packet that was chosen already; kUnknownPacket after an error.
  Outgoing CompileOutgoing(const JsonNode& step, PacketIndex packet, std::uint8_t server,
                           const ExpressionScope& scope, FieldTree& tree);
  /// The packet named by `verb` with where, check and save.
  Incoming CompileIncoming(const JsonNode& step, const char* verb, std::uint8_t server,
                           const FieldTree* sent);

  /// The packet named by a text, whatever is in it.
  Incoming CompilePlainIncoming(const JsonNode& name, std::uint8_t server);

  std::uint16_t NextRule(const JsonNode& step);  ///< an error when there is none left
  std::string StepName(const JsonNode& step, const std::string& otherwise);
  Nanoseconds StepTimeout(const JsonNode& step) const;
  std::optional<OnFail> StepOnFail(const JsonNode& step);
  const Protocol* ProtocolOf(std::uint8_t server) const {
    return context_.servers[server].protocol.get();
  }

 private:
  ScenarioContext& context_;
  FlowBuild& build_;
};

}  // namespace stressbot
