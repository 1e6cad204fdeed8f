#include "StressBot/system/ProcessEnd.h"

namespace stressbot {

std::string ProcessEnd::ToString() const {
  if (way == Way::kUnknown) return "ended in an unknown way";
  return way == Way::kExited ? "exited with code " + std::to_string(exit_code) : cause;
}

}  // namespace stressbot
