#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace stressbot {

/// What is known of a crashed process's core file.
struct CoreFile {
  std::string told{};     ///< where it is and what shows its stack, or why there is none
  std::string command{};  ///< that shows its stack; empty when we do not know where it is
};

/// Of a process that crashed; nothing when the signal is none that leaves a core file. `program` is
/// what was started.
CoreFile FindCore(std::int64_t pid, int signal, bool has_dumped, const std::string& program);

/// The path that a core pattern (core(5)) stands for. `uses_pid`: the system adds ".PID" when the
/// pattern does not have it. Empty when it has something that is not known of a dead process, as
/// its time.
std::string CorePath(std::string_view pattern, std::int64_t pid, const std::string& program,
                     bool uses_pid);

}  // namespace stressbot
