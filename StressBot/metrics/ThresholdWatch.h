#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "StressBot/metrics/ThresholdSample.h"

namespace stressbot {

/// Follows a run's thresholds second by second: judges those with a window over each, and says when
/// one with abortOnFail has failed. Thread: the reader's.
class ThresholdWatch {
 public:
  explicit ThresholdWatch(std::vector<Threshold> thresholds);

  /// Takes the intervals in order, each after `so_far` took it. Only the measured part counts.
  void Observe(const MetricsInterval& interval, const RunMetrics& so_far);
  /// The threshold that is to end the run; null while there is none. Stays what it is.
  const ThresholdResult* aborting() const { return aborting_ ? &*aborting_ : nullptr; }

  /// All in order, as JudgeAll: those without a window over the measured part, the others by their
  /// windows, and the one that ended the run as it was then.
  std::vector<ThresholdResult> Results(const RunMetrics& metrics) const;

 private:
  /// One interval's share of a threshold's metric.
  struct Slice {
    std::chrono::nanoseconds from{}, to{};
    Selection selection;
  };
  struct Window {
    std::deque<Slice> slices;              ///< of the last window
    std::optional<ThresholdResult> worst;  ///< the first that failed, else the nearest to it
    std::size_t judged = 0;
    std::size_t failed = 0;
  };

  void ObserveWindow(std::size_t index, const MetricsInterval& interval,
                     const MetricsCatalog& catalog);
  void Keep(Window& window, ThresholdResult result, std::chrono::nanoseconds at) const;
  bool MayAbort(const Threshold& threshold, std::chrono::nanoseconds at) const;
  void Abort(std::size_t index, ThresholdResult result, std::chrono::nanoseconds at);
  ThresholdResult ResultOf(std::size_t index, const RunMetrics& metrics) const;

  const std::vector<Threshold> thresholds_;
  std::vector<Window> windows_;  ///< by threshold; unused without a window
  std::optional<std::chrono::nanoseconds> measured_from_;
  std::optional<ThresholdResult> aborting_;
  std::size_t aborting_index_ = 0;
};

}  // namespace stressbot
