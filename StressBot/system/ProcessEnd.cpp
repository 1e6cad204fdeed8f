#include "StressBot/system/ProcessEnd.h"

namespace stressbot {

std::string ProcessEnd::ToString() const {
  if (unknown) return "ended in an unknown way";
  if (!by_signal()) return "exited with code " + std::to_string(exit_code);
  const std::string name = signal_name.empty() ? "" : " (" + signal_name + ")";
  return "killed by signal " + std::to_string(signal) + name;
}

}  // namespace stressbot
