/// IocpPort's half for listeners: AcceptEx wants a socket before there is a connection for it.
#include <cstring>
#include <utility>

#include "ServerCore/io/backends/IocpPort.h"
#include "ServerCore/io/backends/WindowsError.h"

namespace servercore {
namespace {

/// The connection that was waiting is gone: the next may be fine.
bool IsErrorOfOneConnection(int error) {
  return error == WSAECONNRESET || error == WSAECONNABORTED || error == WSAENETRESET;
}

}  // namespace

void IocpPort::StartAccept(Socket& listener, std::uint32_t slot) {
  for (;;) {
    Result<UniqueSocket> socket = OpenTcpSocket(listener.family);
    if (!socket) return FailAccept(listener, socket.error());
    AcceptOperation& operation = TakeAcceptOperation(slot);
    operation.socket = std::move(*socket);
    DWORD bytes = 0;
    const bool at_once = calls_.accept_ex(listener.native, operation.socket.get(),
                                          operation.addresses, 0, AcceptOperation::kAddressBytes,
                                          AcceptOperation::kAddressBytes, &bytes, &operation) != 0;
    const IoStatus status = Started(listener, at_once);
    if (status == IoStatus::kPending) return;
    if (status == IoStatus::kDone) return HandOver(listener, operation);
    const int error = ::WSAGetLastError();
    FreeAcceptOperation(operation);
    if (!IsErrorOfOneConnection(error)) return FailAccept(listener, SocketError(error));
  }
}

IocpPort::AcceptOperation& IocpPort::TakeAcceptOperation(std::uint32_t slot) {
  if (free_accepts_ == nullptr) free_accepts_ = &accept_operations_.emplace_back();
  AcceptOperation& operation = *std::exchange(free_accepts_, free_accepts_->next_free);
  static_cast<Operation&>(operation) = {{}, slot, Op::kAccept};
  operation.next_free = nullptr;
  return operation;
}

void IocpPort::FreeAcceptOperation(AcceptOperation& operation) {
  operation.socket = {};
  operation.next_free = std::exchange(free_accepts_, &operation);
}

void IocpPort::FinishAccept(Socket& listener, AcceptOperation& operation, int error) {
  if (error == 0) return HandOver(listener, operation);
  const std::uint32_t slot = operation.slot;
  FreeAcceptOperation(operation);
  if (listener.state == State::kClosing) return;  // EndClose cancels the event
  if (IsErrorOfOneConnection(error)) return StartAccept(listener, slot);
  FailAccept(listener, SocketError(error));
}

void IocpPort::HandOver(Socket& listener, AcceptOperation& operation) {
  // Until then the socket is no connection to shutdown, getsockname and the like. Fails only if the
  // connection is gone, which Read will tell.
  ::setsockopt(operation.socket.get(), SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
               reinterpret_cast<const char*>(&listener.native), sizeof listener.native);
  KeepAlive(operation.socket.get());  // fails for the same reason only
  sockaddr* local = nullptr;
  sockaddr* remote = nullptr;
  int local_bytes = 0;
  int remote_bytes = 0;
  calls_.get_accept_ex_addresses(operation.addresses, 0, AcceptOperation::kAddressBytes,
                                 AcceptOperation::kAddressBytes, &local, &local_bytes, &remote,
                                 &remote_bytes);
  sockaddr_storage peer{};
  std::memcpy(&peer, remote, static_cast<std::size_t>(remote_bytes));
  // The first event, whichever operation was first: so they complete in their order.
  auto& event = static_cast<AcceptEvent&>(listener.accepts.Pop());
  event.accepted =
      DetachedSocket(static_cast<std::intptr_t>(operation.socket.Release()), SystemSocketCloser());
  event.peer = FromSystem(peer);
  finished_.Push(event);
  FreeAcceptOperation(operation);
}

void IocpPort::FailAccept(Socket& listener, std::error_code error) {
  IoEvent& event = listener.accepts.Pop();
  event.error = error;
  finished_.Push(event);
}

}  // namespace servercore
