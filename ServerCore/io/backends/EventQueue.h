#pragma once
#include <cstdint>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/SlotTable.h"

namespace servercore {

/// What every port keeps in IoEvent::port_private.
struct EventLink {
  IoEvent* next = nullptr;
  std::uint32_t slot = 0;  ///< kClosed: the slot to free when it is handed out
  bool in_flight = false;  ///< submitted, and its completion is not handed out yet
};
static_assert(sizeof(EventLink) <= sizeof(IoEvent::port_private));

inline EventLink& LinkOf(IoEvent& event) {
  return *std::launder(reinterpret_cast<EventLink*>(event.port_private));
}

/// Puts an event in flight: every submit starts with it.
inline void Prepare(IoEvent& event, Op op, std::uint32_t slot) {
  SC_ASSERT(!LinkOf(event).in_flight);
  ::new (static_cast<void*>(event.port_private)) EventLink{nullptr, slot, true};
  event.op = op;
  event.bytes = 0;
  if (event.error) event.error.clear();
}

/// The other end: its completion is handed out.
inline void Land(IoEvent& event) {
  SC_ASSERT(LinkOf(event).in_flight);  // else it completes twice
  LinkOf(event).in_flight = false;
}

/// First in, first out; chained through the events themselves, so it never allocates.
/// An event is in one queue at most.
class EventQueue {
 public:
  bool empty() const { return head_ == nullptr; }

  void Push(IoEvent& event) {
    LinkOf(event).next = nullptr;
    if (head_ == nullptr) {
      head_ = &event;
    } else {
      LinkOf(*tail_).next = &event;
    }
    tail_ = &event;
  }

  /// Takes the event out of its place, where it was in flight, with the result it has.
  void Finish(IoEvent*& event) { Push(*std::exchange(event, nullptr)); }
  /// The same for one whose handle is closed.
  void Cancel(IoEvent*& event) {
    event->error = std::make_error_code(std::errc::operation_canceled);
    Finish(event);
  }

  /// REQUIRES !empty().
  IoEvent& Pop() { return *std::exchange(head_, LinkOf(*head_).next); }

 private:
  IoEvent* head_ = nullptr;
  IoEvent* tail_ = nullptr;  ///< meaningful only while head_ is set
};

/// The end of a port's Close: all that is in flight on the socket finishes, cancelled, and `closed`
/// comes last.
template <typename Socket>
void FinishClose(Socket& socket, std::uint32_t slot, IoEvent& closed, EventQueue& finished) {
  while (!socket.accepts.empty()) {
    IoEvent* accept = &socket.accepts.Pop();
    finished.Cancel(accept);
  }
  if (socket.input != nullptr) finished.Cancel(socket.input);
  if (socket.output != nullptr) finished.Cancel(socket.output);
  Prepare(closed, Op::kClosed, slot);
  finished.Push(closed);
}

/// The end of a port's Wait: as many finished events as `out` takes. With `closed` its slot is
/// free.
template <typename Socket>
std::size_t HandOut(EventQueue& finished, std::span<IoEvent*> out, SlotTable<Socket>& sockets) {
  std::size_t count = 0;
  while (count < out.size() && !finished.empty()) {
    IoEvent& event = finished.Pop();
    Land(event);
    if (event.op == Op::kClosed) sockets.Free(LinkOf(event).slot);
    out[count++] = &event;
  }
  return count;
}

}  // namespace servercore
