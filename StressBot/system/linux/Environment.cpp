#include "StressBot/system/Environment.h"

#include <cstdlib>

namespace stressbot {

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT: nobody changes the environment
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace stressbot
