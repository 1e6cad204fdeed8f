#include "StressBot/engine/EventBoard.h"

#include <algorithm>
#include <utility>

namespace stressbot {

EventBoard::EventBoard(const Program& program, std::size_t shards)
    : program_(program), armings_(program.events.size()), finished_(shards, false) {
  for (std::size_t i = 0; i < program.events.size(); ++i) {
    if (program.events[i].on) armings_[i].armed_from = program.events[i].from.count();
  }
}

std::optional<Firing> EventBoard::Claim(std::size_t event, Nanoseconds at) {
  Arming& arming = armings_[event];
  if (at.count() < arming.armed_from.load(std::memory_order_relaxed)) return std::nullopt;
  const Event& what = program_.events[event];
  if (at >= what.until) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (at.count() < arming.armed_from.load(std::memory_order_relaxed)) return std::nullopt;
  const Firing firing{static_cast<std::uint32_t>(event), arming.fired++};
  const bool was_last = what.count != 0 && arming.fired >= what.count;
  arming.armed_from.store(was_last ? kNever : (at + what.on->cooldown).count(),
                          std::memory_order_relaxed);
  return firing;
}

void EventBoard::ExcuseUntil(Nanoseconds until) {
  Count known = excused_until_.load(std::memory_order_relaxed);
  while (known < until.count() && !excused_until_.compare_exchange_weak(known, until.count())) {
  }
}

void EventBoard::Report(const Occurrence& part, std::size_t shard) {
  const std::lock_guard lock(mutex_);
  if (finished_[shard]) return;
  const auto [entry, is_first] = pending_.try_emplace(part.firing);
  Pending& pending = entry->second;
  if (is_first) {
    pending.reported.assign(finished_.size(), false);
    pending.sum = part;
  } else {
    pending.sum.bots += part.bots;
  }
  pending.reported[shard] = true;
}

void EventBoard::ReportAlone(const Occurrence& whole) {
  const std::lock_guard lock(mutex_);
  pending_.insert_or_assign(whole.firing,
                            Pending{whole, std::vector<bool>(finished_.size(), true)});
}

void EventBoard::FinishShard(std::size_t shard) {
  const std::lock_guard lock(mutex_);
  finished_[shard] = true;
}

bool EventBoard::IsComplete(const Pending& pending) const {
  for (std::size_t i = 0; i < finished_.size(); ++i) {
    if (!pending.reported[i] && !finished_[i]) return false;
  }
  return true;
}

std::vector<Occurrence> EventBoard::Take() {
  std::vector<Occurrence> taken;
  const std::lock_guard lock(mutex_);
  for (auto entry = pending_.begin(); entry != pending_.end();) {
    if (!IsComplete(entry->second)) {
      ++entry;
      continue;
    }
    taken.push_back(entry->second.sum);
    entry = pending_.erase(entry);
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const Occurrence& a, const Occurrence& b) { return a.at < b.at; });
  return taken;
}

}  // namespace stressbot
