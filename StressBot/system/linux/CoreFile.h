#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace stressbot {

/// Of a process that crashed: where the system left its core file and which command shows its
/// stack, or why there is none. Empty when the signal is none that leaves one. `program` is what
/// was started.
std::string ExplainCore(std::int64_t pid, int signal, bool has_dumped, const std::string& program);

/// The path that a core pattern (core(5)) stands for. `uses_pid`: the system adds ".PID" when the
/// pattern does not have it. Empty when it has something that is not known of a dead process, as
/// its time.
std::string CorePath(std::string_view pattern, std::int64_t pid, const std::string& program,
                     bool uses_pid);

}  // namespace stressbot
