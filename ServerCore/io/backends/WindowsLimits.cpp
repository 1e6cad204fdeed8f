#include "ServerCore/io/SystemLimits.h"

namespace servercore {

std::size_t RaiseDescriptorLimit() {
  // Handles of one process; nothing is set, and memory ends first ("Pushing the Limits of Windows:
  // Handles", M. Russinovich).
  return 16 * 1024 * 1024;
}

}  // namespace servercore
