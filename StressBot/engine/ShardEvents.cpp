#include "StressBot/engine/ShardEvents.h"

#include <algorithm>

#include "StressBot/engine/BotShard.h"

namespace stressbot {

using servercore::Clock;

ShardEvents::ShardEvents(BotShard& bots, const Program& program, EventBoard& board,
                         const CommandPost& post, std::size_t shard)
    : bots_(bots), program_(program), board_(board), post_(post), shard_(shard) {
  for (std::size_t i = 0; i < program.events.size(); ++i) {
    const Event& event = program.events[i];
    if (!event.on) {
      timed_.push_back({static_cast<std::uint32_t>(i), 0, event.from, event.from >= event.until});
      continue;
    }
    awaits_packets_ = true;
    std::vector<bool>& packets = awaited_[event.on->server];
    packets.resize(program.servers[event.on->server].protocol->packets().size());
    packets[event.on->packet] = true;
  }
}

ShardEvents::~ShardEvents() { bots_.shard().timers().Cancel(*this); }

void ShardEvents::Start() {
  running_ = true;
  Rearm();
}

void ShardEvents::Pause() { bots_.shard().timers().Cancel(*this); }

void ShardEvents::Resume() {
  if (running_) Rearm();
}

void ShardEvents::Stop() {
  running_ = false;
  bots_.shard().timers().Cancel(*this);
}

void ShardEvents::Rearm() {
  Nanoseconds next = Nanoseconds::max();
  for (const Timed& timed : timed_) {
    if (!timed.over) next = std::min(next, timed.due);
  }
  if (next < program_.LoadDuration() && !bots_.paused())
    bots_.shard().timers().Set(*this, bots_.load_started_at() + next);
}

void ShardEvents::OnTimer(Clock::time_point now) {
  const Nanoseconds at = now - bots_.load_started_at();
  const Nanoseconds held = bots_.load_started_at() - bots_.started_at();
  for (Timed& timed : timed_) {
    // A late shard makes up for what it missed, or the shards would not agree on what happened.
    while (running_ && !timed.over && timed.due <= at && timed.due < program_.LoadDuration()) {
      const Event& event = program_.events[timed.event];
      const Occurrence occurrence{{timed.event, timed.fired}, timed.due + held, 0, {}};
      Advance(timed);
      Fire(event, occurrence);
    }
  }
  if (running_) Rearm();
}

void ShardEvents::Advance(Timed& timed) {
  const Event& event = program_.events[timed.event];
  ++timed.fired;
  timed.over = !event.every || (event.count != 0 && timed.fired >= event.count);
  if (timed.over) return;
  timed.due += *event.every;
  timed.over = timed.due >= event.until;
}

void ShardEvents::OnPacket(std::uint8_t server, PacketIndex packet, std::uint32_t bot) {
  const std::vector<bool>& packets = awaited_[server];
  if (packet >= packets.size() || !packets[packet] || !running_) return;
  const Nanoseconds at = bots_.now() - bots_.started_at();
  const Nanoseconds load_at = bots_.load_now() - bots_.load_started_at();
  if (load_at >= program_.LoadDuration()) return;
  for (std::size_t i = 0; i < program_.events.size(); ++i) {
    const Event& event = program_.events[i];
    if (!event.on || event.on->server != server || event.on->packet != packet) continue;
    const std::optional<Firing> firing = board_.Claim(i, load_at);
    if (!firing) continue;
    const auto* order = std::get_if<DropOrder>(&event.order);
    if (order == nullptr) {
      Excuse(event, at);
      board_.ReportAlone({*firing, at, 0, bot});
      continue;
    }
    Fire(event, {*firing, at, 0, bot});
    post_.ToOthers(shard_, DropBots{*order, *firing});
  }
}

void ShardEvents::Excuse(const Event& event, Nanoseconds at) {
  if (event.excuses > Nanoseconds::zero()) board_.ExcuseUntil(at + event.excuses);
}

void ShardEvents::Fire(const Event& event, const Occurrence& occurrence) {
  Excuse(event, occurrence.at);
  Occurrence done = occurrence;
  if (const auto* order = std::get_if<DropOrder>(&event.order)) {
    done.bots = bots_.Drop({*order, occurrence.firing});
  }
  board_.Report(done, shard_);
}

}  // namespace stressbot
