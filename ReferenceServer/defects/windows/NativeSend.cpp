#include "ReferenceServer/defects/NativeSend.h"

#include <winsock2.h>

namespace reference::defects {

std::error_code NativeSend(std::intptr_t socket, std::span<const std::byte> bytes) {
  // The core's sockets never block, so neither does this.
  if (::send(static_cast<SOCKET>(socket), reinterpret_cast<const char*>(bytes.data()),
             static_cast<int>(bytes.size()), 0) != SOCKET_ERROR) {
    return {};
  }
  const int error = ::WSAGetLastError();
  if (error == WSAEWOULDBLOCK) return {};
  return {error, std::system_category()};
}

}  // namespace reference::defects
