#pragma once
#include <cstdint>
#include <new>
#include <utility>

#include "ServerCore/Assert.h"
#include "ServerCore/io/CompletionPort.h"

namespace servercore {

/// What the ports without OVERLAPPED keep in IoEvent::port_private.
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

  /// REQUIRES !empty().
  IoEvent& Pop() { return *std::exchange(head_, LinkOf(*head_).next); }

 private:
  IoEvent* head_ = nullptr;
  IoEvent* tail_ = nullptr;  ///< meaningful only while head_ is set
};

}  // namespace servercore
