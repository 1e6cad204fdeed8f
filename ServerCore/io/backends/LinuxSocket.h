#pragma once
#include <system_error>
#include <utility>

#include "ServerCore/Result.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/SystemAddress.h"
#include "ServerCore/net/NetAddress.h"

/// Linux sockets in the core's words. Only backends include this.
namespace servercore {

/// errno as a value; compare with std::errc.
std::error_code LastError();

/// Owns a descriptor; closes it in order.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd();

  int get() const { return fd_; }
  int Release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Family kNone if the system does not know.
NetAddress LocalAddressOf(int fd);

/// A TCP socket that never blocks, is not inherited by child processes and sends without delay.
Result<UniqueFd> OpenTcpSocket(NetAddress::Family family);
/// Whether a connect to a port of this host, where nobody listened, was given that very port as its
/// own: then TCP connects the socket with itself (RFC 9293, simultaneous open). Known as soon as
/// connect was called, for it chooses the port.
bool IsConnectedToItself(int fd, const NetAddress& to);
bool SetOption(int fd, int level, int name, int value);
/// See KeepAlive.h. Of a listener: for all that it accepts, at no cost for each.
bool KeepAlive(int fd);

/// The peer reads a reset, and no TIME_WAIT is left behind.
void CloseWithReset(int fd) noexcept;
/// Closes a DetachedSocket of the system with a reset. Lives for ever; any thread.
SocketCloser& SystemSocketCloser();

}  // namespace servercore
