#pragma once
#include <string>

namespace stressbot {

/// How a process ended: by itself with a code, killed by a signal, or nobody knows.
struct ProcessEnd {
  int exit_code = 0;
  int signal = 0;  ///< 0: it exited by itself
  std::string signal_name{};
  bool unknown = false;  ///< the system did not tell

  bool by_signal() const { return signal != 0; }
  std::string ToString() const;  ///< "exited with code 3", "killed by signal 9 (SIGKILL)"
};

}  // namespace stressbot
