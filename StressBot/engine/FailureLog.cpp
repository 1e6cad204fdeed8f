#include "StressBot/engine/FailureLog.h"

#include <algorithm>

#include "ServerCore/Assert.h"

namespace stressbot {

std::size_t FailureLog::KindOf(std::string_view metric) {
  const auto* kind = std::find(kKinds.begin(), kKinds.end(), metric);
  SC_ASSERT(kind != kKinds.end());
  return static_cast<std::size_t>(kind - kKinds.begin());
}

void FailureLog::Add(std::string_view metric, std::chrono::nanoseconds at, std::string text,
                     std::vector<TraceRecord> conversation) {
  const std::lock_guard lock(mutex_);
  if (!Wants(metric, !conversation.empty())) return;  // another shard was first
  const std::size_t kind = KindOf(metric);
  kept_[kind].fetch_add(1, std::memory_order_relaxed);
  if (!conversation.empty()) has_conversation_[kind].store(true, std::memory_order_relaxed);
  entries_.push_back({std::string(metric), at, std::move(text), std::move(conversation)});
}

std::vector<FailureLog::Entry> FailureLog::Entries() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  return sorted;
}

}  // namespace stressbot
