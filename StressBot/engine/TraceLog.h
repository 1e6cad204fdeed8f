#pragma once
#include <mutex>
#include <utility>
#include <vector>

#include "StressBot/engine/TraceRecord.h"

namespace stressbot {

/// Everything that a followed bot does, on its way from the bot's shard to whoever shows it.
/// Thread: any.
class TraceLog {
 public:
  void Add(TraceRecord record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(std::move(record));
  }
  /// What came since the last call, in order.
  std::vector<TraceRecord> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(records_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<TraceRecord> records_;
};

}  // namespace stressbot
