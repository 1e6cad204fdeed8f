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

std::error_code NativeSendAll(std::intptr_t socket, std::span<const std::byte> bytes) {
  const auto native = static_cast<SOCKET>(socket);
  while (!bytes.empty()) {
    const int sent = ::send(native, reinterpret_cast<const char*>(bytes.data()),
                            static_cast<int>(bytes.size()), 0);
    if (sent != SOCKET_ERROR) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (const int error = ::WSAGetLastError(); error == WSAEWOULDBLOCK) {
      WSAPOLLFD wait{native, POLLWRNORM, 0};
      ::WSAPoll(&wait, 1, -1);
    } else {
      return {error, std::system_category()};
    }
  }
  return {};
}

}  // namespace reference::defects
