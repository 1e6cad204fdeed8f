#pragma once
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// The first failures, and what the bot and its servers had said to each other before the one that
/// is chosen.
class FailuresPanel {
 public:
  void Draw(const RunContext& run);

 private:
  void DrawList(const RunContext& run);
  void DrawConversation(const RunContext& run, const FirstFailure& failure);
};

}  // namespace stressbot::run
