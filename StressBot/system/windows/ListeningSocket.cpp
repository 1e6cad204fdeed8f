#include "StressBot/system/ListeningSocket.h"

#include <winsock2.h>

namespace stressbot {

void MakePortExclusive(std::uintptr_t socket) {
  // Without it any program could listen on the same port and take the clients.
  const BOOL yes = TRUE;
  ::setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&yes),
               sizeof(yes));
}

}  // namespace stressbot
