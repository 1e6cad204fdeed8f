#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/MetricsFrame.h"
#include "StressBot/metrics/MetricsInterval.h"
#include "StressBot/metrics/Timeline.h"

namespace stressbot {

/// What the reader knows of a run: totals from start to end, those of the measured part (kLoad),
/// and how it went over time. Thread: the reader's.
class RunMetrics {
 public:
  /// `catalog` must be complete and outlive this.
  explicit RunMetrics(const MetricsCatalog& catalog);

  /// What was kept of a run in a file.
  struct Parts {
    MetricsFrame whole, measured;
    std::chrono::nanoseconds measured_time{}, whole_time{};
    Timeline timeline;
  };
  RunMetrics(const MetricsCatalog& catalog, Parts parts);

  /// Adds one interval (already merged over the shards). Intervals come in order of time.
  void Add(const MetricsInterval& interval);

  const MetricsCatalog& catalog() const { return *catalog_; }
  /// Gauges of these two are those of the last interval.
  const MetricsFrame& whole() const { return whole_; }
  const MetricsFrame& measured() const { return measured_; }
  std::chrono::nanoseconds measured_time() const { return measured_time_; }
  std::chrono::nanoseconds whole_time() const { return whole_time_; }

  /// All series over time.
  const Timeline& timeline() const { return timeline_; }

 private:
  const MetricsCatalog* catalog_;
  MetricsFrame whole_, measured_;
  std::chrono::nanoseconds measured_time_{}, whole_time_{};
  Timeline timeline_;
};

/// Places of the series of one metric (or alias) whose tags include all the given ones.
struct SeriesMatch {
  MetricKind kind = MetricKind::kCounter;
  bool known = false;  ///< such a metric exists in this run, with whatever tags
  std::vector<std::uint32_t> indexes;
};
SeriesMatch FindSeries(const MetricsCatalog& catalog, std::string_view metric, const Tags& tags);

/// The series that FindSeries finds, merged (gauges: their sum). Of a rate with a `reason` among
/// the tags the total is that of all reasons.
struct Selection {
  MetricKind kind = MetricKind::kCounter;
  bool known = false;  ///< such a metric exists in this run
  Histogram trend;
  std::uint64_t count = 0;  ///< counter
  MetricsFrame::RateCount rate;
  double gauge_value = 0;  ///< the last
};
Selection Select(const MetricsCatalog& catalog, const MetricsFrame& frame, std::string_view metric,
                 const Tags& tags);

}  // namespace stressbot
