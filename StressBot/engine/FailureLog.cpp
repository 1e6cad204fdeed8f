#include "StressBot/engine/FailureLog.h"

#include <algorithm>

namespace stressbot {

bool FailureLog::Wants(std::string_view metric) const {
  const std::lock_guard lock(mutex_);
  const auto same = [metric](const Entry& entry) { return entry.metric == metric; };
  return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), same)) <
         kKeptOfEachKind;
}

void FailureLog::Add(std::string_view metric, std::chrono::nanoseconds at, std::string text) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({std::string(metric), at, std::move(text)});
}

std::vector<FailureLog::Entry> FailureLog::Entries() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
  return sorted;
}

}  // namespace stressbot
