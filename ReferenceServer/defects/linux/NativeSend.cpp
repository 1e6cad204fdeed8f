#include "ReferenceServer/defects/NativeSend.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace reference::defects {

std::error_code NativeSend(std::intptr_t socket, std::span<const std::byte> bytes) {
  const int fd = static_cast<int>(socket);
  if (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return {};
  if (errno == EAGAIN || errno == EINTR) return {};
  return {errno, std::system_category()};
}

std::error_code NativeSendAll(std::intptr_t socket, std::span<const std::byte> bytes) {
  const int fd = static_cast<int>(socket);
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      pollfd wait{fd, POLLOUT, 0};
      ::poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      return {errno, std::system_category()};
    }
  }
  return {};
}

}  // namespace reference::defects
