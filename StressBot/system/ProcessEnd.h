#pragma once
#include <string>

namespace stressbot {

/// How a process ended: by itself with a code, or killed by a signal.
struct ProcessEnd {
  int exit_code = 0;
  int signal = 0;  ///< 0: it exited by itself
  std::string signal_name;

  bool by_signal() const { return signal != 0; }
  std::string ToString() const;  ///< "exited with code 3", "killed by signal 9 (SIGKILL)"
};

}  // namespace stressbot
