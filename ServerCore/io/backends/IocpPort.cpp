#include "ServerCore/io/backends/IocpPort.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ServerCore/io/Ports.h"
#include "ServerCore/io/backends/WindowsError.h"

namespace servercore {
namespace {

constexpr std::size_t kEntriesPerWait = 256;
constexpr ULONG_PTR kSocketKey = 0;  ///< the OVERLAPPED tells which
constexpr ULONG_PTR kWakeKey = 1;
constexpr ULONG_PTR kTimerKey = 2;

// Windows 10; in no header of mingw-w64.
constexpr int kReuseUnicastPort = 0x3007;  ///< SO_REUSE_UNICASTPORT

/// ConnectEx wants a bound socket. Without a source the system picks the port, and that only when
/// it connects, so that one local port serves many destinations.
bool BindForConnect(SOCKET socket, NetAddress::Family family, const NetAddress* from) {
  // Unknown before Windows 10 and to Wine: then a port serves one connection.
  SetOption(socket, SOL_SOCKET, kReuseUnicastPort, 1);
  const NetAddress any =
      family == NetAddress::Family::kIpv6 ? NetAddress::Ipv6({}, 0) : NetAddress::Ipv4({}, 0);
  const SystemAddress source = ToSystem(from != nullptr ? *from : any);
  return ::bind(socket, source.get(), source.size) == 0;
}

/// A connect that finds no free port of its own is told "address in use", which elsewhere is said
/// of the port of a listener.
std::error_code ConnectError(int error, const NetAddress* from) {
  const bool asked_for_a_port = from != nullptr && from->port() != 0;
  if (error == WSAEADDRINUSE && !asked_for_a_port) return SocketError(WSAEADDRNOTAVAIL);
  return SocketError(error);
}

DWORD TimeoutMs(Clock::duration left) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<DWORD>(std::min<std::int64_t>(ms, INFINITE - 1));
}

template <typename Buffer>
std::size_t ToSystemPieces(std::span<const Buffer> pieces, std::span<WSABUF> out) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    // Read-only when sent; the system's type serves both directions.
    auto* const data = const_cast<std::byte*>(pieces[i].data);
    // A piece of 4 GiB is cut: partial reads and sends are legal.
    const std::size_t size = std::min<std::size_t>(pieces[i].size, MAXLONG);
    out[i] = {static_cast<ULONG>(size), reinterpret_cast<CHAR*>(data)};
  }
  return pieces.size();
}

}  // namespace

std::unique_ptr<CompletionPort> MakeSystemPort() { return std::make_unique<IocpPort>(); }

IocpPort::IocpPort()
    : calls_(StartSockets()),
      port_(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)),
      timer_(port_.get(), kTimerKey) {
  if (port_ == nullptr) {
    throw std::system_error(WindowsError(::GetLastError()), "cannot open a completion port");
  }
}

IocpPort::~IocpPort() { SC_ASSERT(sockets_.used() == 0); }

Result<Handle> IocpPort::Attach(DetachedSocket socket) {
  Result<Handle> handle = Join(static_cast<SOCKET>(socket.native()), State::kOpen);
  if (handle) socket.Release();
  return handle;
}

Result<Handle> IocpPort::Listen(const NetAddress& at, int backlog) {
  Result<UniqueSocket> socket = OpenTcpSocket(at.family());
  if (!socket) return socket.error();
  // Without it Windows lets another program listen on the same port and take our clients.
  if (!SetOption(socket->get(), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1)) return LastSocketError();
  // An address means what it says, on every system: [::] is not IPv4 too.
  const bool is_ipv6 = at.family() == NetAddress::Family::kIpv6;
  if (is_ipv6 && !SetOption(socket->get(), IPPROTO_IPV6, IPV6_V6ONLY, 1)) return LastSocketError();
  const SystemAddress system = ToSystem(at);
  if (::bind(socket->get(), system.get(), system.size) != 0) return LastSocketError();
  // A plain number above 200 is taken for 200; below zero (SOMAXCONN_HINT) it says what it means.
  const int queue = backlog > 200 ? -backlog : backlog;
  if (::listen(socket->get(), queue) != 0) return LastSocketError();
  Result<Handle> handle = Join(socket->get(), State::kListening);
  if (!handle) return handle;
  socket->Release();
  sockets_.At(handle->slot).family = at.family();
  return handle;
}

Result<Handle> IocpPort::Connect(const NetAddress& to, const NetAddress* from, IoEvent& event) {
  if (from != nullptr && *from == to) return SocketError(WSAECONNREFUSED);  // nobody else is there
  Result<UniqueSocket> socket = OpenTcpSocket(to.family());
  if (!socket) return socket.error();
  if (!BindForConnect(socket->get(), to.family(), from)) {
    return ConnectError(::WSAGetLastError(), from);
  }
  Result<Handle> handle = Join(socket->get(), State::kConnecting);
  if (!handle) return handle;

  Socket& joined = sockets_.At(handle->slot);
  Operation& operation = operations_[handle->slot].output;
  operation = {{}, handle->slot, Op::kConnect};
  const SystemAddress system = ToSystem(to);
  const bool at_once = calls_.connect_ex(joined.native, system.get(), system.size, nullptr, 0,
                                         nullptr, &operation) != 0;
  const IoStatus status = Started(joined, at_once);
  if (status == IoStatus::kFailed) {
    const std::error_code error = ConnectError(::WSAGetLastError(), from);
    sockets_.Free(handle->slot);
    return error;
  }
  socket->Release();
  Prepare(event, Op::kConnect, handle->slot);
  joined.output = &event;
  if (status == IoStatus::kDone) FinishConnect(joined, 0);
  return handle;
}

void IocpPort::Accept(Handle listener, AcceptEvent& event) {
  Socket& socket = Live(listener);
  SC_ASSERT(socket.state == State::kListening);
  Prepare(event, Op::kAccept, listener.slot);
  socket.accepts.Push(event);
  StartAccept(socket, listener.slot);
}

void IocpPort::AwaitReadable(Handle handle, IoEvent& event) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.input == nullptr);
  Prepare(event, Op::kReadable, handle.slot);
  socket.input = &event;
  Operation& operation = operations_[handle.slot].input;
  operation = {{}, handle.slot, Op::kReadable};
  static char nowhere = 0;
  WSABUF nothing{0, &nowhere};
  DWORD flags = 0;
  const bool at_once =
      ::WSARecv(socket.native, &nothing, 1, nullptr, &flags, &operation, nullptr) == 0;
  const IoStatus status = Started(socket, at_once);
  if (status == IoStatus::kFailed) socket.read_error = ::WSAGetLastError();
  if (status != IoStatus::kPending) finished_.Finish(socket.input);
}

IoResult IocpPort::Read(Handle handle, std::span<const MutableBuffer> into) {
  SC_ASSERT(!into.empty() && into.size() <= kReadPiecesMax);
  Socket& socket = Open(handle);
  int error = socket.read_error;
  if (error == 0) {
    std::array<WSABUF, kReadPiecesMax> pieces;
    const auto count = static_cast<DWORD>(ToSystemPieces(into, pieces));
    DWORD bytes = 0;
    DWORD flags = 0;
    // Not overlapped: never blocks, and posts no completion.
    if (::WSARecv(socket.native, pieces.data(), count, &bytes, &flags, nullptr, nullptr) == 0) {
      return {.status = bytes > 0 ? IoStatus::kDone : IoStatus::kEnd, .bytes = bytes};
    }
    error = ::WSAGetLastError();
  }
  if (error == WSAEWOULDBLOCK) return {.status = IoStatus::kPending};
  return {.status = IoStatus::kFailed, .error = SocketError(error)};
}

IoResult IocpPort::Send(Handle handle, std::span<const ConstBuffer> from, IoEvent& event) {
  SC_ASSERT(!from.empty() && from.size() <= kSendPiecesMax);
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  int error = socket.send_error;
  if (error == 0) {
    std::array<WSABUF, kSendPiecesMax> pieces;
    const auto count = static_cast<DWORD>(ToSystemPieces(from, pieces));
    Operation& operation = operations_[handle.slot].output;
    operation = {{}, handle.slot, Op::kSend};
    DWORD bytes = 0;
    const bool at_once =
        ::WSASend(socket.native, pieces.data(), count, &bytes, 0, &operation, nullptr) == 0;
    const IoStatus status = Started(socket, at_once);
    if (status == IoStatus::kDone) return {.bytes = bytes};
    if (status == IoStatus::kPending) {
      Prepare(event, Op::kSend, handle.slot);
      socket.output = &event;
      return {.status = IoStatus::kPending};
    }
    error = ::WSAGetLastError();
  }
  return {.status = IoStatus::kFailed, .error = SocketError(error)};
}

void IocpPort::ShutdownSend(Handle handle) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  ::shutdown(socket.native, SD_SEND);  // fails only if the connection is gone, which Read will tell
}

void IocpPort::Close(Handle handle, CloseKind kind, IoEvent& closed) {
  Socket& socket = Live(handle);
  if (kind == CloseKind::kReset && socket.state != State::kListening) ResetOnClose(socket.native);
  socket.state = State::kClosing;
  socket.closed = &closed;
  if (socket.in_flight == 0) {
    EndClose(socket, handle.slot);
    return;
  }
  // Fails when all have just completed; their completions come either way. The socket stays until
  // then: closing it first would complete them too, but not on Wine.
  ::CancelIoEx(reinterpret_cast<HANDLE>(socket.native), nullptr);
}

NetAddress IocpPort::LocalAddress(Handle handle) const {
  return LocalAddressOf(Live(handle).native);
}

std::intptr_t IocpPort::NativeSocket(Handle handle) const {
  return static_cast<std::intptr_t>(Live(handle).native);
}

std::size_t IocpPort::Wait(std::span<IoEvent*> out, Clock::time_point until) {
  SC_ASSERT(!out.empty());
  // The system is polled even if `out` is full already, or a few busy sockets would starve the
  // rest.
  std::array<OVERLAPPED_ENTRY, kEntriesPerWait> entries;
  const ULONG count = Poll(entries, finished_.empty() ? until : Clock::time_point::min());
  for (const OVERLAPPED_ENTRY& entry : std::span(entries).first(count)) {
    if (entry.lpCompletionKey == kTimerKey) timer_.OnPacket();
    if (entry.lpOverlapped == nullptr) continue;
    Complete(static_cast<Operation&>(*entry.lpOverlapped), entry.dwNumberOfBytesTransferred);
  }
  return HandOut(finished_, out, sockets_);
}

void IocpPort::Wake() noexcept {
  const BOOL posted = ::PostQueuedCompletionStatus(port_.get(), 0, kWakeKey, nullptr);
  SC_ASSERT(posted != 0);  // the system has no memory left
}

Result<Handle> IocpPort::Join(SOCKET native, State state) {
  const auto file = reinterpret_cast<HANDLE>(native);
  if (::CreateIoCompletionPort(file, port_.get(), kSocketKey, 0) == nullptr) {
    return WindowsError(::GetLastError());
  }
  Socket socket;
  socket.native = native;
  socket.state = state;
  socket.skips_on_success = SkipCompletionOnSuccess(native);
  const Handle handle = sockets_.Take(socket);
  if (handle.slot == operations_.size()) operations_.emplace_back();
  return handle;
}

IocpPort::Socket& IocpPort::Live(Handle handle) const {
  Socket* socket = sockets_.Find(handle);
  SC_ASSERT(socket != nullptr && socket->state != State::kClosing);
  return *socket;
}

IocpPort::Socket& IocpPort::Open(Handle handle) {
  Socket& socket = Live(handle);
  SC_ASSERT(socket.state == State::kOpen);
  return socket;
}

IoStatus IocpPort::Started(Socket& socket, bool at_once) {
  if (at_once && socket.skips_on_success) return IoStatus::kDone;
  if (!at_once && ::WSAGetLastError() != WSA_IO_PENDING) return IoStatus::kFailed;
  ++socket.in_flight;
  return IoStatus::kPending;
}

void IocpPort::Complete(Operation& operation, std::uint32_t bytes) {
  const std::uint32_t slot = operation.slot;
  Socket& socket = sockets_.At(slot);
  --socket.in_flight;
  int error = 0;
  if (static_cast<LONG>(operation.Internal) < 0) {  // an NTSTATUS; this call tells what it means
    DWORD unused = 0;
    DWORD flags = 0;
    if (!::WSAGetOverlappedResult(socket.native, &operation, &unused, FALSE, &flags)) {
      error = ::WSAGetLastError();
    }
  }
  // What Close cancelled is left to EndClose.
  const bool is_cancelled = error == WSA_OPERATION_ABORTED && socket.state == State::kClosing;
  switch (operation.op) {
    case Op::kAccept:
      FinishAccept(socket, static_cast<AcceptOperation&>(operation), error);
      break;
    case Op::kConnect:
      if (!is_cancelled) FinishConnect(socket, error);
      break;
    case Op::kReadable:
      socket.read_error = error;
      if (!is_cancelled) finished_.Finish(socket.input);
      break;
    case Op::kSend:
      socket.send_error = error;
      if (is_cancelled) break;
      socket.output->bytes = error == 0 ? bytes : 0;
      finished_.Finish(socket.output);
      break;
    case Op::kClosed:
      SC_ASSERT(false && "not an operation of the system");
  }
  if (socket.state == State::kClosing && socket.in_flight == 0) EndClose(socket, slot);
}

void IocpPort::FinishConnect(Socket& socket, int error) {
  if (socket.state == State::kConnecting) socket.state = State::kOpen;
  // Until then the socket is no connection to shutdown, getsockname and the like.
  if (error == 0 &&
      ::setsockopt(socket.native, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0) != 0) {
    error = ::WSAGetLastError();
  }
  if (error == 0 && IsConnectedToItself(socket.native)) error = WSAECONNREFUSED;
  if (error != 0) socket.output->error = SocketError(error);
  finished_.Finish(socket.output);
}

void IocpPort::EndClose(Socket& socket, std::uint32_t slot) {
  ::closesocket(std::exchange(socket.native, INVALID_SOCKET));
  FinishClose(socket, slot, *socket.closed, finished_);
}

ULONG IocpPort::Poll(std::span<OVERLAPPED_ENTRY> entries, Clock::time_point until) {
  DWORD timeout_ms = 0;
  if (until == Clock::time_point::max()) {
    timeout_ms = INFINITE;
  } else if (until != Clock::time_point::min()) {
    const Clock::time_point now = Clock::now();
    if (until > now) timeout_ms = timer_.Set(until, now) ? INFINITE : TimeoutMs(until - now);
  }
  ULONG count = 0;
  if (::GetQueuedCompletionStatusEx(port_.get(), entries.data(), static_cast<ULONG>(entries.size()),
                                    &count, timeout_ms, FALSE) != 0) {
    return count;
  }
  SC_ASSERT(::GetLastError() == WAIT_TIMEOUT);
  return 0;  // `count` has no meaning then
}

}  // namespace servercore
