#include "ReferenceServer/defects/NativeSend.h"

#include <sys/socket.h>

#include <cerrno>

namespace reference::defects {

std::error_code NativeSend(std::intptr_t socket, std::span<const std::byte> bytes) {
  const int fd = static_cast<int>(socket);
  if (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return {};
  if (errno == EAGAIN || errno == EINTR) return {};
  return {errno, std::system_category()};
}

}  // namespace reference::defects
