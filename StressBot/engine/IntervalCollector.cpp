#include "StressBot/engine/IntervalCollector.h"

#include <algorithm>

namespace stressbot {

IntervalCollector::IntervalCollector(const MetricsCatalog& catalog, std::size_t shards)
    : catalog_(catalog), reached_(shards), finished_(shards, false) {}

MetricsFrame IntervalCollector::Deliver(std::size_t shard, std::chrono::nanoseconds from,
                                        std::chrono::nanoseconds to, Phase phase,
                                        MetricsFrame frame) {
  const Key key{phase, from / std::chrono::seconds(1)};
  {
    const std::lock_guard lock(mutex_);
    reached_[shard] = key;
    const auto [place, is_first] = pending_.try_emplace(key, Parts{from, to, {}});
    Parts& parts = place->second;
    parts.from = std::min(parts.from, from);
    parts.to = std::max(parts.to, to);
    parts.frames.push_back(std::move(frame));
    if (!spare_.empty()) {
      MetricsFrame empty = std::move(spare_.back());
      spare_.pop_back();
      return empty;
    }
  }
  return MetricsFrame(catalog_);
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

std::optional<std::pair<Phase, IntervalCollector::Parts>> IntervalCollector::TakeParts() {
  const std::lock_guard lock(mutex_);
  if (pending_.empty() || !IsComplete(pending_.begin()->first)) return std::nullopt;
  auto first = pending_.extract(pending_.begin());
  return std::pair{first.key().first, std::move(first.mapped())};
}

std::optional<MetricsInterval> IntervalCollector::Take() {
  auto taken = TakeParts();
  if (!taken) return std::nullopt;
  auto& [phase, parts] = *taken;
  MetricsInterval interval{parts.from, parts.to, phase, std::move(parts.frames.front())};
  for (std::size_t i = 1; i < parts.frames.size(); ++i) {
    interval.frame.Merge(parts.frames[i]);
    GiveBack(std::move(parts.frames[i]));
  }
  return interval;
}

void IntervalCollector::GiveBack(MetricsFrame frame) {
  frame.Clear();
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(frame));
}

}  // namespace stressbot
