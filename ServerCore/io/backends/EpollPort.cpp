#include "ServerCore/io/backends/EpollPort.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>

#include "ServerCore/io/Ports.h"

namespace servercore {
namespace {

constexpr std::size_t kEdgesPerWait = 256;
constexpr std::uint64_t kWakeKey = 0;  ///< no handle has generation 0

// EPOLLPRI, because a peer's urgent byte cuts a read short although more bytes are there.
constexpr std::uint32_t kStreamEdges = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
constexpr std::uint32_t kListenerEdges = EPOLLIN | EPOLLET;

std::uint64_t ToKey(Handle handle) {
  return (std::uint64_t{handle.generation} << 32) | handle.slot;
}

Handle ToHandle(std::uint64_t key) {
  return {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

/// The connection that was waiting is gone, or was never fit for use: the next may be fine.
bool IsErrorOfOneConnection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENOPROTOOPT:
    case ENONET:
      return true;
    default:
      return false;
  }
}

bool BindSource(int fd, const NetAddress& from) {
  // The port is then chosen by connect, which may give one local port to many destinations.
  if (!SetOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)) return false;
  const SystemAddress source = ToSystem(from);
  return ::bind(fd, source.get(), source.size) == 0;
}

ssize_t SendPieces(int fd, std::span<const ConstBuffer> from) {
  if (from.size() == 1) return ::send(fd, from[0].data, from[0].size, MSG_NOSIGNAL);
  std::array<iovec, kSendPiecesMax> pieces;
  for (std::size_t i = 0; i < from.size(); ++i) {
    pieces[i] = {.iov_base = const_cast<std::byte*>(from[i].data), .iov_len = from[i].size};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = from.size();
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t ReadPieces(int fd, std::span<const MutableBuffer> into) {
  if (into.size() == 1) return ::recv(fd, into[0].data, into[0].size, 0);
  const std::array<iovec, kReadPiecesMax> pieces{
      {{.iov_base = into[0].data, .iov_len = into[0].size},
       {.iov_base = into[1].data, .iov_len = into[1].size}}};
  return ::readv(fd, pieces.data(), static_cast<int>(pieces.size()));
}

/// Repeats a call that a signal interrupted.
template <typename Call>
ssize_t Retry(Call call) {
  ssize_t result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

std::unique_ptr<CompletionPort> MakeSystemPort() { return std::make_unique<EpollPort>(); }

EpollPort::EpollPort()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  // Edge-triggered, so the counter is never read: each write is an edge of its own.
  epoll_event edges{.events = EPOLLIN | EPOLLET, .data = {.u64 = kWakeKey}};
  if (epoll_.get() < 0 || wake_.get() < 0 ||
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &edges) != 0) {
    throw std::system_error(LastError(), "cannot open an epoll instance");
  }
}

EpollPort::~EpollPort() { SC_ASSERT(sockets_.used() == 0); }

Result<Handle> EpollPort::Attach(DetachedSocket socket) {
  Result<Handle> handle = Join(static_cast<int>(socket.native()), State::kOpen, kStreamEdges);
  if (handle) socket.Release();
  return handle;
}

Result<Handle> EpollPort::Listen(const NetAddress& at, int backlog) {
  // Accepted sockets inherit TCP_NODELAY and keep-alive.
  Result<UniqueFd> fd = OpenTcpSocket(at.family());
  if (!fd) return fd.error();
  if (!KeepAlive(fd->get())) return LastError();
  if (!SetOption(fd->get(), SOL_SOCKET, SO_REUSEADDR, 1)) return LastError();
  // An address means what it says, on every system: [::] is not IPv4 too.
  const bool is_ipv6 = at.family() == NetAddress::Family::kIpv6;
  if (is_ipv6 && !SetOption(fd->get(), IPPROTO_IPV6, IPV6_V6ONLY, 1)) return LastError();
  const SystemAddress system = ToSystem(at);
  if (::bind(fd->get(), system.get(), system.size) != 0) return LastError();
  if (::listen(fd->get(), backlog) != 0) return LastError();
  Result<Handle> handle = Join(fd->get(), State::kListening, kListenerEdges);
  if (handle) fd->Release();
  return handle;
}

Result<Handle> EpollPort::Connect(const NetAddress& to, const NetAddress* from, IoEvent& event) {
  Result<UniqueFd> fd = OpenTcpSocket(to.family());
  if (!fd) return fd.error();
  if (from != nullptr && !BindSource(fd->get(), *from)) return LastError();
  const SystemAddress system = ToSystem(to);
  const bool connected = ::connect(fd->get(), system.get(), system.size) == 0;
  if (!connected && errno != EINPROGRESS) return LastError();
  if (IsConnectedToItself(fd->get(), to)) {
    CloseWithReset(fd->Release());
    return std::make_error_code(std::errc::connection_refused);
  }

  // Only now: epoll calls a socket that has not begun to connect hung up.
  Result<Handle> handle =
      Join(fd->get(), connected ? State::kOpen : State::kConnecting, kStreamEdges);
  if (!handle) return handle;
  fd->Release();
  Prepare(event, Op::kConnect, handle->slot);
  if (connected) {
    finished_.Push(event);
  } else {
    Socket& socket = sockets_.At(handle->slot);
    socket.output = &event;
    socket.writable = false;
  }
  return handle;
}

void EpollPort::Accept(Handle listener, AcceptEvent& event) {
  Socket& socket = Live(listener);
  SC_ASSERT(socket.state == State::kListening);
  Prepare(event, Op::kAccept, listener.slot);
  socket.accepts.Push(event);
  if (socket.readable) PumpAccepts(socket);
}

void EpollPort::AwaitReadable(Handle handle, IoEvent& event) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.input == nullptr);
  Prepare(event, Op::kReadable, handle.slot);
  if (socket.readable) {
    finished_.Push(event);
  } else {
    socket.input = &event;
  }
}

IoResult EpollPort::Read(Handle handle, std::span<const MutableBuffer> into) {
  SC_ASSERT(!into.empty() && into.size() <= kReadPiecesMax);
  Socket& socket = Open(handle);
  const ssize_t got = Retry([&] { return ReadPieces(socket.fd, into); });
  if (got > 0) {
    const auto bytes = static_cast<std::size_t>(got);
    if (bytes < TotalSize(into) && !socket.hung_up) socket.readable = false;
    return {.bytes = bytes};
  }
  if (got == 0) return {.status = IoStatus::kEnd};
  if (errno != EAGAIN) return {.status = IoStatus::kFailed, .error = LastError()};
  socket.readable = false;
  return {.status = IoStatus::kPending};
}

IoResult EpollPort::Send(Handle handle, std::span<const ConstBuffer> from, IoEvent& event) {
  SC_ASSERT(!from.empty() && from.size() <= kSendPiecesMax);
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  if (socket.writable) {
    const ssize_t sent = Retry([&] { return SendPieces(socket.fd, from); });
    if (sent >= 0) return {.bytes = static_cast<std::size_t>(sent)};
    if (errno != EAGAIN) return {.status = IoStatus::kFailed, .error = LastError()};
    socket.writable = false;
  }
  Prepare(event, Op::kSend, handle.slot);
  socket.output = &event;
  return {.status = IoStatus::kPending};
}

void EpollPort::ShutdownSend(Handle handle) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  ::shutdown(socket.fd, SHUT_WR);  // fails only if the connection is gone, which Read will tell
}

void EpollPort::Close(Handle handle, CloseKind kind, IoEvent& closed) {
  Socket& socket = Live(handle);
  if (kind == CloseKind::kReset && socket.state != State::kListening) {
    CloseWithReset(socket.fd);
  } else {
    ::close(socket.fd);
  }
  socket.fd = -1;
  socket.state = State::kClosing;
  FinishClose(socket, handle.slot, closed, finished_);
}

NetAddress EpollPort::LocalAddress(Handle handle) const { return LocalAddressOf(Live(handle).fd); }

std::intptr_t EpollPort::NativeSocket(Handle handle) const { return Live(handle).fd; }

std::size_t EpollPort::Wait(std::span<IoEvent*> out, Clock::time_point until) {
  SC_ASSERT(!out.empty());
  if (!slack_is_set_) {
    ::prctl(PR_SET_TIMERSLACK, 1);  // of this thread; the default is 50 us late
    slack_is_set_ = true;
  }
  // The system is polled even if `out` is full already, or a few busy sockets would starve the
  // rest.
  std::array<epoll_event, kEdgesPerWait> ready;
  const int edges = Poll(ready, finished_.empty() ? until : Clock::time_point::min());
  for (int i = 0; i < edges; ++i) {
    const epoll_event& edge = ready[static_cast<std::size_t>(i)];
    if (edge.data.u64 == kWakeKey) continue;
    Socket* socket = sockets_.Find(ToHandle(edge.data.u64));
    if (socket != nullptr && socket->state != State::kClosing) TakeEdge(*socket, edge.events);
  }
  return HandOut(finished_, out, sockets_);
}

void EpollPort::Wake() noexcept {
  const std::uint64_t one = 1;
  // Fails only at 2^64 - 2 wakes.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

Result<Handle> EpollPort::Join(int fd, State state, std::uint32_t edges) {
  Socket socket;
  socket.fd = fd;
  socket.state = state;
  const Handle handle = sockets_.Take(socket);
  epoll_event registration{.events = edges, .data = {.u64 = ToKey(handle)}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &registration) != 0) {
    const std::error_code error = LastError();
    sockets_.Free(handle.slot);
    return error;
  }
  return handle;
}

EpollPort::Socket& EpollPort::Live(Handle handle) const {
  Socket* socket = sockets_.Find(handle);
  SC_ASSERT(socket != nullptr && socket->state != State::kClosing);
  return *socket;
}

EpollPort::Socket& EpollPort::Open(Handle handle) {
  Socket& socket = Live(handle);
  SC_ASSERT(socket.state == State::kOpen);
  return socket;
}

void EpollPort::TakeEdge(Socket& socket, std::uint32_t edges) {
  if (socket.state == State::kListening) {
    socket.readable = true;
    PumpAccepts(socket);
    return;
  }
  const bool broken = (edges & (EPOLLERR | EPOLLHUP)) != 0;
  const bool hung_up = broken || (edges & (EPOLLRDHUP | EPOLLPRI)) != 0;
  if (hung_up) socket.hung_up = true;
  if (hung_up || (edges & EPOLLIN) != 0) socket.readable = true;
  if (broken || (edges & EPOLLOUT) != 0) socket.writable = true;

  if (socket.state == State::kConnecting) {
    if (!socket.writable) return;
    socket.state = State::kOpen;
    int error = 0;
    socklen_t size = sizeof error;
    if (broken && ::getsockopt(socket.fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
      socket.output->error = {error, std::system_category()};
    }
  }
  if (socket.output != nullptr && socket.writable) finished_.Finish(socket.output);
  if (socket.input != nullptr && socket.readable) finished_.Finish(socket.input);
}

void EpollPort::PumpAccepts(Socket& listener) {
  while (!listener.accepts.empty()) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int fd = ::accept4(listener.fd, reinterpret_cast<sockaddr*>(&peer), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && errno == EAGAIN) {
      listener.readable = false;
      return;
    }
    if (fd < 0 && IsErrorOfOneConnection(errno)) continue;

    auto& event = static_cast<AcceptEvent&>(listener.accepts.Pop());
    if (fd < 0) {
      // Out of descriptors: one event tells it, and the next Accept tries again, for the queue is
      // not empty and gives no new edge.
      event.error = LastError();
      finished_.Push(event);
      return;
    }
    event.accepted = DetachedSocket(fd, SystemSocketCloser());
    event.peer = FromSystem(peer);
    finished_.Push(event);
  }
}

int EpollPort::Poll(std::span<epoll_event> ready, Clock::time_point until) {
  const int edges = PollUntil(ready, until);
  if (edges >= 0) return edges;
  if (errno == ENOSYS && has_pwait2_) {
    has_pwait2_ = false;
    return Poll(ready, until);
  }
  SC_ASSERT(errno == EINTR);  // a signal is a spurious return
  return 0;
}

int EpollPort::PollUntil(std::span<epoll_event> ready, Clock::time_point until) {
  using std::chrono::nanoseconds;
  const int size = static_cast<int>(ready.size());
  const bool for_ever = until == Clock::time_point::max();
  nanoseconds left{0};
  if (!for_ever && until != Clock::time_point::min()) {
    const Clock::time_point now = Clock::now();
    if (until > now) left = until - now;
  }
  if (has_pwait2_) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
    return ::epoll_pwait2(epoll_.get(), ready.data(), size, for_ever ? nullptr : &timeout, nullptr);
  }
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  const int timeout = static_cast<int>(std::min<std::int64_t>(milliseconds, INT_MAX));
  return ::epoll_wait(epoll_.get(), ready.data(), size, for_ever ? -1 : timeout);
}

}  // namespace servercore
