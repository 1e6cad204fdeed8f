#include "StressBot/system/Environment.h"

#include <sys/utsname.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace stressbot {

std::optional<std::string> ReadEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT: nobody changes the environment
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string OwnProgramFile() {
  std::error_code failure;
  return std::filesystem::read_symlink("/proc/self/exe", failure).string();
}

Quoting UsualQuoting() { return Quoting::kPosix; }

std::string SystemName() {
  utsname names{};
  if (::uname(&names) != 0) return "Linux";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

}  // namespace stressbot
