#include "ReferenceServer/Heartbeat.h"

#include <algorithm>

#include "ReferenceServer/GameSession.h"
#include "ServerCore/thread/Shard.h"

namespace reference {

using servercore::Clock;

namespace {

Clock::duration Period(std::chrono::milliseconds timeout) { return Clock::duration(timeout) / 3; }

}  // namespace

void Heartbeat::Begin(std::chrono::milliseconds timeout) {
  timeout_ = timeout;
  answered_at_ = session_.shard().now();
  session_.shard().timers().Set(*this, answered_at_ + Period(timeout_));
}

void Heartbeat::End() { session_.shard().timers().Cancel(*this); }

bool Heartbeat::Answer(std::uint64_t time) {
  const auto asked = std::ranges::find(asked_, time);
  if (time == 0 || asked == asked_.end()) return false;
  *asked = 0;
  answered_at_ = session_.shard().now();
  return true;
}

void Heartbeat::OnTimer(Clock::time_point now) {
  if (!session_.IsOpen()) return;
  // After a stall of ours the answers lie unread: the silence says nothing about the client.
  const bool ours = now - due() > Period(timeout_) || session_.shard().HoldsReads();
  if (ours) answered_at_ = now;
  if (now - answered_at_ >= timeout_) return session_.DropSilent();
  session_.shard().timers().Set(*this, now + Period(timeout_));
  // An honest client answers each: no more may be open than are remembered.
  if (session_.shard().HoldsReads()) return;
  using Milliseconds = std::chrono::milliseconds;
  const auto since_epoch = std::chrono::duration_cast<Milliseconds>(now.time_since_epoch());
  // Simulated clocks begin at zero, which is no time that could be answered.
  const std::uint64_t time = static_cast<std::uint64_t>(since_epoch.count()) + 1;
  std::rotate(asked_.begin(), asked_.begin() + 1, asked_.end());  // clang 14 has no ranges::rotate
  asked_.back() = time;
  Protocol::S_PING ping;
  ping.set_time(time);
  session_.Reply(ping);
}

}  // namespace reference
