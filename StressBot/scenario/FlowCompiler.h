#pragma once
#include <bitset>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "StressBot/scenario/FlowBuild.h"

namespace stressbot {

/// Compiles a group's flow: lists of steps, calls (inlined), repeats and parallel branches, laid
/// out as Program.h says.
class FlowCompiler {
 public:
  explicit FlowCompiler(ScenarioContext& context) : context_(context) {}

  /// REQUIRES that the flow exists.
  FlowProgram Compile(const std::string& flow);

 private:
  using Servers = std::bitset<kConnectionsMax>;
  using Branches = std::vector<std::pair<std::string, JsonNode>>;

  void CompileSteps(const JsonNode& steps);
  void CompileStep(const JsonNode& step);
  std::optional<std::string> VerbOf(const JsonNode& step);
  void CompileCall(const JsonNode& step);
  void CompileRepeat(const JsonNode& step);
  RepeatStep CompileRepeatOptions(const JsonNode& step);
  void CompileRepeatNoun(const JsonNode& noun, RepeatStep& repeat);
  void CompileRepeatBody(const JsonNode& step, std::size_t index);
  void CompileParallel(const JsonNode& step);
  void CompileChoose(const JsonNode& step);
  ChooseStep CompileOptions(const std::vector<JsonNode>& options, std::size_t index);
  std::vector<ParallelStep::Branch> CompileBranches(const Branches& branches, std::size_t index,
                                                    std::size_t position);

  bool CodeIsFull(const JsonNode& step);
  bool Waits(std::size_t begin, std::size_t end) const;
  /// The servers that the steps connect to or disconnect from, at any depth.
  Servers Reconnected(const JsonNode& steps) const;

  ScenarioContext& context_;
  FlowBuild build_;
  std::vector<std::string> calls_;  ///< flows that are being inlined, the outermost first
  std::uint16_t positions_in_use_ = 1;
  bool is_full_ = false;
};

}  // namespace stressbot
