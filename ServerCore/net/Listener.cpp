#include "ServerCore/net/Listener.h"

#include "ServerCore/net/Service.h"
#include "ServerCore/thread/Shard.h"

namespace servercore {

Result<NetAddress> Listener::Start(const NetAddress& at, int backlog, std::size_t accepts_posted) {
  Result<Handle> handle = shard_.port().Listen(at, backlog);
  if (!handle) return handle.error();
  handle_ = *handle;
  self_ = shared_from_this();
  closed_event_.owner = this;
  for (std::size_t i = 0; i < accepts_posted; ++i) {
    AcceptEvent& event = *accepts_.emplace_back(std::make_unique<AcceptEvent>());
    event.owner = this;
    shard_.port().Accept(handle_, event);
  }
  return shard_.port().LocalAddress(handle_);
}

void Listener::Stop() {
  if (closing_) return;
  closing_ = true;
  service_ = nullptr;
  shard_.timers().Cancel(*this);
  shard_.port().Close(handle_, CloseKind::kOrderly, closed_event_);
}

void Listener::OnIo(IoEvent& event) {
  if (event.op == Op::kClosed) {
    const std::shared_ptr<Listener> last = std::move(self_);
    return;
  }
  OnAccept(static_cast<AcceptEvent&>(event));
}

void Listener::OnAccept(AcceptEvent& event) {
  DetachedSocket socket = std::move(event.accepted);
  if (closing_) return;
  if (event.error) {
    paused_.push_back(&event);
    if (armed()) return;  // each posted accept may tell it
    service_->accept_pauses_.fetch_add(1, std::memory_order_relaxed);
    shard_.timers().Set(*this, shard_.now() + kPause);
    return;
  }
  service_->OnAccepted(std::move(socket), event.peer);
  if (!closing_) shard_.port().Accept(handle_, event);  // a new session may have stopped us
}

void Listener::OnTimer(Clock::time_point) {
  for (AcceptEvent* event : std::exchange(paused_, {})) shard_.port().Accept(handle_, *event);
}

}  // namespace servercore
