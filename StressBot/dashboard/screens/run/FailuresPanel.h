#pragma once
#include <string>

#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// What failed, in words, as one thing to click; true when it was.
bool FailureRow(const RunContext& run, const FirstFailure& failure, float width, bool is_chosen,
                const std::string& probe_name, const char* tip);

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
