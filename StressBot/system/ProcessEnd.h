#pragma once
#include <cstdint>
#include <string>

namespace stressbot {

/// How a process ended.
struct ProcessEnd {
  enum class Way : std::uint8_t {
    kExited,   ///< by itself, with a code
    kAsked,    ///< by what asks a program to end, which it did not handle (SIGTERM, Ctrl-Break)
    kCrashed,  ///< killed: by a signal, by a fault of its own (on Windows an exception), by us
    kUnknown   ///< the system did not tell
  };

  Way way = Way::kExited;
  int exit_code = 0;    ///< if it exited by itself
  std::string cause{};  ///< otherwise, as "killed by signal 9 (SIGKILL)"
  std::string stack{};  ///< of one that crashed: how its stack can be seen, if the system tells
  std::string stack_command{};  ///< what shows it; empty when that is not known

  std::string ToString() const;  ///< "exited with code 3", or the cause
};

}  // namespace stressbot
