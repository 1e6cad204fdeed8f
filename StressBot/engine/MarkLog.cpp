#include "StressBot/engine/MarkLog.h"

#include <algorithm>

namespace stressbot {

void MarkLog::Note(std::size_t mark, std::chrono::nanoseconds at) {
  Mark& noted = marks_[mark];
  const std::int64_t time = at.count();
  std::int64_t seen = noted.first.load(std::memory_order_relaxed);
  while (time < seen && !noted.first.compare_exchange_weak(seen, time, std::memory_order_relaxed)) {
  }
  seen = noted.last.load(std::memory_order_relaxed);
  while (time > seen && !noted.last.compare_exchange_weak(seen, time, std::memory_order_relaxed)) {
  }
  noted.count.fetch_add(1, std::memory_order_release);  // who sees it sees a time as well
}

std::vector<MarkLog::Entry> MarkLog::Entries() const {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const std::uint64_t count = marks_[i].count.load(std::memory_order_acquire);
    if (count == 0) continue;
    entries.push_back({i, std::chrono::nanoseconds(marks_[i].first.load(std::memory_order_relaxed)),
                       std::chrono::nanoseconds(marks_[i].last.load(std::memory_order_relaxed)),
                       count});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.first < b.first; });
  return entries;
}

}  // namespace stressbot
