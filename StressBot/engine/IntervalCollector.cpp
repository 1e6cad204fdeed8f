#include "StressBot/engine/IntervalCollector.h"

#include <algorithm>

namespace stressbot {

IntervalCollector::IntervalCollector(const MetricsCatalog& catalog, std::size_t shards)
    : catalog_(catalog), reached_(shards), finished_(shards, false) {}

MetricsFrame IntervalCollector::Deliver(std::size_t shard, std::chrono::nanoseconds from,
                                        std::chrono::nanoseconds to, Phase phase,
                                        MetricsFrame frame) {
  const Key key{phase, from / std::chrono::seconds(1)};
  const std::lock_guard lock(mutex_);
  reached_[shard] = key;
  const auto place = pending_.find(key);
  if (place == pending_.end()) {
    pending_.emplace(key, MetricsInterval{from, to, phase, std::move(frame)});
  } else {
    MetricsInterval& interval = place->second;
    interval.from = std::min(interval.from, from);
    interval.to = std::max(interval.to, to);
    interval.frame.Merge(frame);
    frame.Clear();
    spare_.push_back(std::move(frame));
  }
  if (spare_.empty()) return MetricsFrame(catalog_);
  MetricsFrame empty = std::move(spare_.back());
  spare_.pop_back();
  return empty;
}

void IntervalCollector::FinishShard(std::size_t shard) {
  const std::lock_guard lock(mutex_);
  finished_[shard] = true;
}

bool IntervalCollector::IsComplete(const Key& key) const {
  for (std::size_t i = 0; i < reached_.size(); ++i) {
    if (!finished_[i] && (!reached_[i] || *reached_[i] < key)) return false;
  }
  return true;
}

std::optional<MetricsInterval> IntervalCollector::Take() {
  const std::lock_guard lock(mutex_);
  if (pending_.empty() || !IsComplete(pending_.begin()->first)) return std::nullopt;
  MetricsInterval interval = std::move(pending_.begin()->second);
  pending_.erase(pending_.begin());
  return interval;
}

void IntervalCollector::GiveBack(MetricsFrame frame) {
  frame.Clear();
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(frame));
}

}  // namespace stressbot
