#include "StressBot/system/linux/CoreFile.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "StressBot/system/CommandLine.h"
#include "StressBot/system/linux/ProcFiles.h"

namespace stressbot {

namespace {

std::string Pattern() {
  std::ifstream file("/proc/sys/kernel/core_pattern");
  std::string pattern;
  std::getline(file, pattern);
  return pattern;
}

bool LeavesCores(int signal) {
  return signal == SIGSEGV || signal == SIGABRT || signal == SIGBUS || signal == SIGFPE ||
         signal == SIGILL || signal == SIGTRAP || signal == SIGSYS || signal == SIGQUIT;
}

bool LimitForbids() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0;  // children have it from us
}

}  // namespace

std::string CorePath(std::string_view pattern, std::int64_t pid, const std::string& program,
                     bool uses_pid) {
  constexpr std::size_t kNameBytes = 15;  // of the kernel's own name of a process
  const std::string name = program.substr(program.find_last_of('/') + 1).substr(0, kNameBytes);
  std::string path;
  bool has_pid = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      path += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case '%':
        path += '%';
        break;
      case 'p':
      case 'P':
        path += std::to_string(pid);
        has_pid = true;
        break;
      case 'e':
        path += name;
        break;
      default:
        return {};
    }
  }
  return uses_pid && !has_pid ? path + "." + std::to_string(pid) : path;
}

CoreFile FindCore(std::int64_t pid, int signal, bool has_dumped, const std::string& program) {
  if (!LeavesCores(signal)) return {};
  if (!has_dumped && LimitForbids()) {
    return {
        "no core file, since the limit is 0; after \"ulimit -c unlimited\" gdb can show where "
        "it died"};
  }
  if (!has_dumped) return {"no core file; see core(5) why, or run the server under gdb"};
  const std::string pattern = Pattern();
  if (pattern.starts_with("|")) {
    return {"core file taken by " + pattern.substr(1, pattern.find(' ') - 1) +
            "; with systemd: coredumpctl debug " + std::to_string(pid)};
  }
  const auto show = [&program](const std::string& core) {
    return JoinCommand({"gdb", "-nx", "-batch", "-ex", "bt 30", program, core}, Quoting::kPosix);
  };
  const bool uses_pid = ReadNumberFile("/proc/sys/kernel/core_uses_pid", 0) != 0;
  const std::string path = CorePath(pattern, pid, program, uses_pid);
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored))
    return {"core file \"" + pattern + "\" in the server's directory: " + show("CORE")};
  const std::string command = show(std::filesystem::absolute(path, ignored).string());
  return {command, command};
}

}  // namespace stressbot
