#pragma once
#include <string>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Compiles one entry of `groups`: its executor, its churn and its flow.
class GroupCompiler {
 public:
  explicit GroupCompiler(ScenarioContext& context) : context_(context) {}
  Group Compile(const std::string& name, const JsonNode& node);

 private:
  bool CompileExecutor(const JsonNode& node, Group& group);  ///< false: refused as a whole
  void CompileConstant(const JsonNode& node, Group& group);
  void CompileRamping(const JsonNode& node, Group& group) const;
  Churn CompileChurn(const JsonNode& node) const;
  void CompileFlow(const JsonNode& node, Group& group);

  ScenarioContext& context_;
};

}  // namespace stressbot
