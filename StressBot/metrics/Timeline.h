#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "StressBot/metrics/MetricsCatalog.h"
#include "StressBot/metrics/MetricsInterval.h"
#include "StressBot/metrics/TimelinePoint.h"

namespace stressbot {

/// A run as charts show it: what each series did in each point of time. A point is an interval (a
/// second, less where the phase changes) until there are kPointsMax of them; then older neighbours
/// become one, on a grid of 2 s, 4 s, 8 s ... that every later thinning keeps to, while the newest
/// kFinePoints stay as they are. So an hour is shown second by second, memory is bounded however
/// long the run, and the last minutes are always fine. Points of different phases stay apart. How
/// values merge is told in TimelinePoint.h.
/// Thread: the reader's.
class Timeline {
 public:
  static constexpr std::size_t kPointsMax = 4'500;
  static constexpr std::size_t kFinePoints = 600;

  struct Span {
    std::chrono::nanoseconds from{}, to{};  ///< since the start of the run
    std::chrono::nanoseconds mean_to{};     ///< of its intervals; where its means belong
    Phase phase = Phase::kLoad;
    std::uint32_t intervals = 1;  ///< of which it is made
  };

  /// The points of one series, from the first in which it had data. A series that never had any
  /// takes no memory.
  template <typename Point>
  struct Column {
    std::size_t first = 0;      ///< the place of points[0] among the spans
    std::vector<Point> points;  ///< up to the last span, or empty
    bool empty() const { return points.empty(); }
    /// That of any span; what was before the first data is zero.
    Point At(std::size_t span) const {
      return span < first || empty() ? Point{} : points[span - first];
    }
  };
  using Counters = Column<std::uint64_t>;
  using Rates = Column<MetricsFrame::RateCount>;
  using Gauges = Column<GaugePoint>;
  using Trends = Column<TrendPoint>;

  /// REQUIRES that kPointsMax is more than twice kFinePoints; tests take less of both.
  explicit Timeline(const MetricsCatalog& catalog, std::size_t points_max = kPointsMax,
                    std::size_t fine_points = kFinePoints);

  void Add(const MetricsInterval& interval);  ///< intervals come in order of time

  const std::vector<Span>& spans() const { return spans_; }
  const Trends& trend(TrendId id) const { return trends_[id.index]; }
  const Counters& counter(CounterId id) const { return counters_[id.index]; }
  const Rates& rate(RateId id) const { return rates_[id.index]; }
  const Gauges& gauge(GaugeId id) const { return gauges_[id.index]; }

  // For a reader of files. REQUIRES columns of spans().size() - first points, or none.
  void SetSpans(std::vector<Span> spans) { spans_ = std::move(spans); }
  void Set(TrendId id, Trends column) { trends_[id.index] = std::move(column); }
  void Set(CounterId id, Counters column) { counters_[id.index] = std::move(column); }
  void Set(RateId id, Rates column) { rates_[id.index] = std::move(column); }
  void Set(GaugeId id, Gauges column) { gauges_[id.index] = std::move(column); }

 private:
  void Thin();
  void MergeOnGrid();

  std::size_t points_max_;
  std::size_t fine_points_;
  std::chrono::nanoseconds grid_ = std::chrono::seconds(1);
  std::vector<Span> spans_;
  std::vector<Trends> trends_;
  std::vector<Counters> counters_;
  std::vector<Rates> rates_;
  std::vector<Gauges> gauges_;
};

}  // namespace stressbot
