#include "ServerCore/io/backends/WindowsSocket.h"

// Behind <winsock2.h>, for it needs its types.
#include <mstcpip.h>

#include "ServerCore/io/backends/KeepAlive.h"
#include "ServerCore/io/backends/WindowsError.h"

namespace servercore {
namespace {

class SystemCloser final : public SocketCloser {
 public:
  void CloseDetached(std::intptr_t native) noexcept override {
    const auto socket = static_cast<SOCKET>(native);
    ResetOnClose(socket);
    ::closesocket(socket);
  }
};

template <typename Function>
Function LoadExtension(SOCKET socket, GUID id) {
  Function function = nullptr;
  DWORD bytes = 0;
  if (::WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function,
                 sizeof function, &bytes, nullptr, nullptr) != 0) {
    throw std::system_error(LastSocketError(), "Winsock lacks a function for completion ports");
  }
  return function;
}

SocketExtensions LoadExtensions() {
  WSADATA data;
  const int failure = ::WSAStartup(MAKEWORD(2, 2), &data);
  if (failure != 0) {
    throw std::system_error(SocketError(failure), "cannot start Winsock");
  }
  const UniqueSocket socket(
      ::WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED));
  return {LoadExtension<LPFN_ACCEPTEX>(socket.get(), WSAID_ACCEPTEX),
          LoadExtension<LPFN_GETACCEPTEXSOCKADDRS>(socket.get(), WSAID_GETACCEPTEXSOCKADDRS),
          LoadExtension<LPFN_CONNECTEX>(socket.get(), WSAID_CONNECTEX)};
}

using AskForAddress = int(WSAAPI*)(SOCKET, sockaddr*, int*);

NetAddress Ask(AskForAddress ask, SOCKET socket) {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (ask(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return FromSystem(storage);
}

}  // namespace

const SocketExtensions& StartSockets() {
  static const SocketExtensions extensions = LoadExtensions();
  return extensions;
}

UniqueSocket& UniqueSocket::operator=(UniqueSocket&& other) noexcept {
  if (this != &other) {
    if (socket_ != INVALID_SOCKET) ::closesocket(socket_);
    socket_ = other.Release();
  }
  return *this;
}

UniqueSocket::~UniqueSocket() {
  if (socket_ != INVALID_SOCKET) ::closesocket(socket_);
}

NetAddress LocalAddressOf(SOCKET socket) { return Ask(&::getsockname, socket); }

Result<UniqueSocket> OpenTcpSocket(NetAddress::Family family) {
  const int domain = family == NetAddress::Family::kIpv6 ? AF_INET6 : AF_INET;
  UniqueSocket socket(::WSASocketW(domain, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                                   WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
  if (socket.get() == INVALID_SOCKET) return LastSocketError();
  u_long never_block = 1;
  if (::ioctlsocket(socket.get(), static_cast<long>(FIONBIO), &never_block) != 0 ||
      !SetOption(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1)) {
    return LastSocketError();
  }
  return socket;
}

bool SetOption(SOCKET socket, int level, int name, int value) {
  return ::setsockopt(socket, level, name, reinterpret_cast<const char*>(&value), sizeof value) ==
         0;
}

bool KeepAlive(SOCKET socket) {
  using std::chrono::milliseconds;
  tcp_keepalive values{
      .onoff = 1,
      .keepalivetime = static_cast<ULONG>(milliseconds(kKeepAliveIdle).count()),
      .keepaliveinterval = static_cast<ULONG>(milliseconds(kKeepAliveInterval).count())};
  DWORD unused = 0;
  return SetOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1) &&
         ::WSAIoctl(socket, SIO_KEEPALIVE_VALS, &values, sizeof values, nullptr, 0, &unused,
                    nullptr, nullptr) == 0;
}

bool IsConnectedToItself(SOCKET socket) {
  return LocalAddressOf(socket) == Ask(&::getpeername, socket);
}

bool SkipCompletionOnSuccess(SOCKET socket) {
  WSAPROTOCOL_INFOW provider{};
  int size = sizeof provider;
  if (::getsockopt(socket, SOL_SOCKET, SO_PROTOCOL_INFOW, reinterpret_cast<char*>(&provider),
                   &size) != 0 ||
      (provider.dwServiceFlags1 & XP1_IFS_HANDLES) == 0) {
    return false;
  }
  return ::SetFileCompletionNotificationModes(
             reinterpret_cast<HANDLE>(socket),
             FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE) != 0;
}

void ResetOnClose(SOCKET socket) noexcept {
  const linger now{.l_onoff = 1, .l_linger = 0};
  // Fails only on a dead socket.
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&now), sizeof now);
}

SocketCloser& SystemSocketCloser() {
  static SystemCloser closer;
  return closer;
}

}  // namespace servercore
