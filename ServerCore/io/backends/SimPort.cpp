#include "ServerCore/io/backends/SimPort.h"

namespace servercore {

SimPort::~SimPort() { SC_ASSERT(sockets_.used() == 0 && in_flight_ == 0); }

Result<Handle> SimPort::Attach(DetachedSocket socket) {
  if (network_.FailsToAttach()) return std::make_error_code(std::errc::no_space_on_device);
  const auto id = static_cast<SimNetwork::EndId>(socket.Release());
  const Handle handle = sockets_.Take({.accepts = {}, .id = id, .state = State::kOpen});
  network_.SetOwner(id, *this, handle.slot);
  return handle;
}

Result<Handle> SimPort::Listen(const NetAddress& at, int backlog) {
  const Result<SimNetwork::ListenerId> id = network_.Listen(at, backlog, *this);
  if (!id) return id.error();
  const Handle handle = sockets_.Take({.accepts = {}, .id = *id, .state = State::kListening});
  network_.SetListenerSlot(*id, handle.slot);
  return handle;
}

Result<Handle> SimPort::Connect(const NetAddress& to, const NetAddress* from, IoEvent& event) {
  const SimNetwork::EndId id = network_.Connect(to, from, *this);
  const Handle handle =
      sockets_.Take({.accepts = {}, .output = &event, .id = id, .state = State::kConnecting});
  network_.SetOwner(id, *this, handle.slot);
  Submit(event, Op::kConnect, handle.slot);
  return handle;
}

void SimPort::Accept(Handle listener, AcceptEvent& event) {
  Socket& socket = Live(listener);
  SC_ASSERT(socket.state == State::kListening);
  Submit(event, Op::kAccept, listener.slot);
  socket.accepts.Push(event);
  PumpAccepts(socket);
}

void SimPort::AwaitReadable(Handle handle, IoEvent& event) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.input == nullptr);
  Submit(event, Op::kReadable, handle.slot);
  socket.input = &event;
  if (network_.IsReadable(socket.id)) finished_.Finish(socket.input);
}

IoResult SimPort::Read(Handle handle, std::span<const MutableBuffer> into) {
  SC_ASSERT(!into.empty() && into.size() <= kReadPiecesMax);
  return network_.Read(Open(handle).id, into);
}

IoResult SimPort::Send(Handle handle, std::span<const ConstBuffer> from, IoEvent& event) {
  SC_ASSERT(!from.empty() && from.size() <= kSendPiecesMax);
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  const IoResult result = network_.Send(socket.id, from);
  if (result.status == IoStatus::kPending) {
    Submit(event, Op::kSend, handle.slot);
    socket.output = &event;
  }
  return result;
}

void SimPort::ShutdownSend(Handle handle) {
  Socket& socket = Open(handle);
  SC_ASSERT(socket.output == nullptr);
  network_.ShutdownSend(socket.id);
}

void SimPort::Close(Handle handle, CloseKind kind, IoEvent& closed) {
  Socket& socket = Live(handle);
  if (socket.state == State::kListening) {
    network_.CloseListener(socket.id);
  } else {
    network_.Close(socket.id, kind);
  }
  socket.state = State::kClosing;
  FinishClose(socket, handle.slot, closed, finished_);
  ++in_flight_;  // `closed`
}

NetAddress SimPort::LocalAddress(Handle handle) const {
  const Socket& socket = Live(handle);
  if (socket.state == State::kListening) return network_.ListenerAddress(socket.id);
  return network_.LocalAddress(socket.id);
}

std::size_t SimPort::Wait(std::span<IoEvent*> out, Clock::time_point) {
  SC_ASSERT(!out.empty());
  network_.DeliverDue();
  const std::size_t count = HandOut(finished_, out, sockets_);
  in_flight_ -= count;
  woken_ = false;
  return count;
}

void SimPort::Submit(IoEvent& event, Op op, std::uint32_t slot) {
  Prepare(event, op, slot);
  ++in_flight_;
}

void SimPort::OnSimReadable(std::uint32_t slot) {
  Socket& socket = sockets_.At(slot);
  if (socket.input != nullptr) finished_.Finish(socket.input);
}

void SimPort::OnSimWritable(std::uint32_t slot) {
  Socket& socket = sockets_.At(slot);
  if (socket.output != nullptr) finished_.Finish(socket.output);
}

void SimPort::OnSimConnected(std::uint32_t slot, std::error_code error) {
  Socket& socket = sockets_.At(slot);
  socket.state = State::kOpen;
  socket.output->error = error;
  finished_.Finish(socket.output);
}

SimPort::Socket& SimPort::Live(Handle handle) const {
  Socket* socket = sockets_.Find(handle);
  SC_ASSERT(socket != nullptr && socket->state != State::kClosing);
  return *socket;
}

SimPort::Socket& SimPort::Open(Handle handle) const {
  Socket& socket = Live(handle);
  SC_ASSERT(socket.state == State::kOpen);
  return socket;
}

void SimPort::PumpAccepts(Socket& listener) {
  while (!listener.accepts.empty()) {
    const Result<std::optional<SimNetwork::EndId>> end = network_.TakeWaiting(listener.id);
    if (end && !*end) return;
    auto& event = static_cast<AcceptEvent&>(listener.accepts.Pop());
    finished_.Push(event);
    if (!end) {
      event.error = end.error();
      return;  // like a system: the next Accept tries again
    }
    event.accepted = DetachedSocket(static_cast<std::intptr_t>(**end), network_.closer());
    event.peer = network_.RemoteAddress(**end);
  }
}

}  // namespace servercore
