#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {

/// Where the shards' frames meet: an interval is ready when every shard has delivered it or gone
/// past it. The reader merges them, so that a shard only leaves its frame. Frames go round: the
/// reader gives emptied ones back, so that steady running allocates nothing. Thread: any.
class IntervalCollector {
 public:
  IntervalCollector(const MetricsCatalog& catalog, std::size_t shards);

  /// Takes the shard's frame of [from, to) and gives an empty one. A shard's calls are in order.
  MetricsFrame Deliver(std::size_t shard, std::chrono::nanoseconds from,
                       std::chrono::nanoseconds to, Phase phase, MetricsFrame frame);
  void FinishShard(std::size_t shard);  ///< its last frame is delivered

  std::optional<MetricsInterval> Take();
  void GiveBack(MetricsFrame frame);

 private:
  /// Shards stop at slightly different moments after Ctrl-C, so intervals are matched by second.
  using Key = std::pair<Phase, std::int64_t>;
  struct Parts {
    std::chrono::nanoseconds from{}, to{};
    std::vector<MetricsFrame> frames;  ///< one a shard that had one
  };
  bool IsComplete(const Key& key) const;
  std::optional<std::pair<Phase, Parts>> TakeParts();

  const MetricsCatalog& catalog_;
  std::mutex mutex_;
  std::map<Key, Parts> pending_;
  std::vector<std::optional<Key>> reached_;  ///< by shard: the last delivered
  std::vector<bool> finished_;
  std::vector<MetricsFrame> spare_;
};

}  // namespace stressbot
