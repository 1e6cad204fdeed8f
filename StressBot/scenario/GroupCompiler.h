#pragma once
#include <string>

#include "StressBot/scenario/ScenarioContext.h"

namespace stressbot {

/// Compiles one entry of `groups`: its times, its churn and its flow; its executor is
/// ReadExecutor's.
class GroupCompiler {
 public:
  explicit GroupCompiler(ScenarioContext& context) : context_(context) {}
  Group Compile(const std::string& name, const JsonNode& node);

 private:
  /// `retry` is how the group's bots try again when they cannot come back.
  Churn CompileChurn(const JsonNode& node, RetryPolicy& retry) const;
  static void RefuseReturn(const JsonNode& churn);
  void CompileFlow(const JsonNode& node, Group& group);

  ScenarioContext& context_;
};

}  // namespace stressbot
