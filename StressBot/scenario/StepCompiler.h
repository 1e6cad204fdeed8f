#pragma once
#include "StressBot/scenario/PacketCompiler.h"

namespace stressbot {

/// Compiles the steps that hold no other steps of the flow. Each adds one instruction to the build.
class StepCompiler {
 public:
  StepCompiler(ScenarioContext& context, FlowBuild& build)
      : context_(context), build_(build), packets_(context, build) {}

  void CompileConnect(const JsonNode& step);
  void CompileRequest(const JsonNode& step);
  void CompileSend(const JsonNode& step);
  void CompileExpect(const JsonNode& step);
  void CompileListen(const JsonNode& step);
  void CompileThink(const JsonNode& step);
  void CompileSet(const JsonNode& step);
  void CompileMark(const JsonNode& step);
  void CompileRendezvous(const JsonNode& step);
  void CompileDisconnect(const JsonNode& step);
  void CompileAudience(const JsonNode& step, const char* verb);  ///< join or leave

 private:
  std::optional<Expression> CompileTarget(const JsonNode& step);
  /// How a reply is told to be the request's.
  enum class MatchBy : std::uint8_t { kWhere, kInOrder, kCorrelation };
  MatchBy CompileMatch(const JsonNode& step, RequestStep& request);
  void CompileCorrelation(const JsonNode& match, RequestStep& request);
  void CompileExpectAll(const JsonNode& step, RequestStep& request, const FieldTree& sent);
  void CompileRequestFailOn(const JsonNode& step, RequestStep& request);
  std::vector<PacketIndex> CompileFailOn(const JsonNode& step, std::uint8_t server,
                                         const std::vector<PacketIndex>& expected);
  void CompileMetric(const JsonNode& step, RequestStep& request);
  void JudgeWhere(const JsonNode& step, RequestStep& request);
  static bool IsOfRequest(const std::vector<Condition>& where, RequestStep& request);
  /// `reply` is what the sender itself expects; nullptr of a send.
  std::optional<FanOutSend> CompileFanOut(const JsonNode& step, const std::string& step_name,
                                          const Outgoing& send, const Incoming* reply);
  bool CompileFanOutField(const JsonNode& node, const Outgoing& send, const Incoming* reply,
                          FanOut& fanout);
  std::uint8_t PlaceFanOut(const JsonNode& node, FanOut fanout);
  void CompileAction(const JsonNode& action, const ListenStep& listen,
                     std::vector<ListenAction>& out);
  std::vector<Assignment> CompileAssignments(const JsonNode& set, const ExpressionScope& scope);

  ScenarioContext& context_;
  FlowBuild& build_;
  PacketCompiler packets_;
};

}  // namespace stressbot
