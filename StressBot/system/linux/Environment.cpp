#include "StressBot/system/Environment.h"

#include <sys/utsname.h>

#include <cstdlib>

namespace stressbot {

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT: nobody changes the environment
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string SystemName() {
  utsname names{};
  if (::uname(&names) != 0) return "Linux";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

}  // namespace stressbot
