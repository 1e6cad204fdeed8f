#include "tests/bench/rooms/NullPort.h"

namespace bench {

using namespace servercore;

namespace {
const std::error_code kNot = std::make_error_code(std::errc::operation_not_supported);
}

Result<Handle> NullPort::Attach(DetachedSocket) { return kNot; }
Result<Handle> NullPort::Listen(const NetAddress&, int) { return kNot; }

Result<Handle> NullPort::Connect(const NetAddress&, const NetAddress*, IoEvent& event) {
  const Handle handle = connections_.Take({});
  Prepare(event, Op::kConnect, handle.slot);
  finished_.Push(event);
  return handle;
}

void NullPort::AwaitReadable(Handle handle, IoEvent& event) {
  Prepare(event, Op::kReadable, handle.slot);
  connections_.Find(handle)->input = &event;
}

void NullPort::Close(Handle handle, CloseKind, IoEvent& closed) {
  FinishClose(*connections_.Find(handle), handle.slot, closed, finished_);
}

std::size_t NullPort::Wait(std::span<IoEvent*> out, Clock::time_point until) {
  if (finished_.empty() && until > Clock::now()) {
    std::unique_lock lock(mutex_);
    const auto woken = [this] { return wake_; };
    if (until == Clock::time_point::max()) {
      woken_.wait(lock, woken);
    } else {
      woken_.wait_until(lock, until, woken);
    }
    wake_ = false;
  }
  return HandOut(finished_, out, connections_);
}

void NullPort::Wake() noexcept {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_one();
}

}  // namespace bench
