#pragma once
#include <winsock2.h>
// Behind it, for it needs its types.
#include <mswsock.h>

#include <utility>

#include "ServerCore/Result.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/SystemAddress.h"

/// Windows sockets in the core's words. Only backends include this.
namespace servercore {

/// What mswsock keeps behind WSAIoctl.
struct SocketExtensions {
  LPFN_ACCEPTEX accept_ex = nullptr;
  LPFN_GETACCEPTEXSOCKADDRS get_accept_ex_addresses = nullptr;
  LPFN_CONNECTEX connect_ex = nullptr;
};
/// Starts Winsock the first time; it ends with the process. Any thread.
/// Throws std::system_error when there is none: a start-up failure.
const SocketExtensions& StartSockets();

/// Owns a socket; closes it in order.
class UniqueSocket {
 public:
  UniqueSocket() = default;
  explicit UniqueSocket(SOCKET socket) noexcept : socket_(socket) {}
  UniqueSocket(UniqueSocket&& other) noexcept : socket_(other.Release()) {}
  UniqueSocket& operator=(UniqueSocket&& other) noexcept;
  ~UniqueSocket();

  SOCKET get() const { return socket_; }
  SOCKET Release() noexcept { return std::exchange(socket_, INVALID_SOCKET); }

 private:
  SOCKET socket_ = INVALID_SOCKET;
};

/// Family kNone if the system does not know.
NetAddress LocalAddressOf(SOCKET socket);

/// A TCP socket for overlapped calls; others never block. It is not inherited by child processes
/// and sends without delay.
Result<UniqueSocket> OpenTcpSocket(NetAddress::Family family);
bool SetOption(SOCKET socket, int level, int name, int value);
/// See KeepAlive.h. Of an accepted socket.
bool KeepAlive(SOCKET socket);
/// Whether both ends have the same address: TCP connected the socket with itself, because nobody
/// listened at a port of this host and the system chose that very port as ours (RFC 9293,
/// simultaneous open). REQUIRES a connected one.
bool IsConnectedToItself(SOCKET socket);
/// What succeeds at once posts no completion. False when this cannot be had: with a service
/// provider between us and the system it would be a lie (Microsoft KB 2568167).
bool SkipCompletionOnSuccess(SOCKET socket);

/// Until the close the peer reads a reset, and no TIME_WAIT is left behind.
void ResetOnClose(SOCKET socket) noexcept;
/// Closes a DetachedSocket of the system with a reset. Lives for ever; any thread.
SocketCloser& SystemSocketCloser();

}  // namespace servercore
