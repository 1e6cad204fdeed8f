#include "StressBot/system/ListeningSocket.h"

#include <sys/socket.h>

namespace stressbot {

void MakePortExclusive(std::uintptr_t socket) {
  // Here that passes over connections of the past only, never over one who listens.
  const int yes = 1;
  ::setsockopt(static_cast<int>(socket), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace stressbot
