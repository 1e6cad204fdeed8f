#pragma once
#include <string>

#include "StressBot/control/ControlCommand.h"
#include "StressBot/control/RunStatus.h"

namespace stressbot {

/// As docs/CONTROL.md shows it.
std::string StatusJson(const RunStatus& status);
/// {"at_s": 12.3, "done": "..."}, or {"error": "..."}.
std::string AnswerJson(const ControlAnswer& answer);
std::string ErrorJson(const std::string& sentence);

}  // namespace stressbot
