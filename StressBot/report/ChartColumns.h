#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "StressBot/metrics/Timeline.h"

namespace stressbot {

/// A timeline in few enough columns for a chart: neighbours of the same phase share one. Extremes
/// are kept beside the mean, so that no peak is lost.
class ChartColumns {
 public:
  using Json = nlohmann::ordered_json;
  using Indexes = std::vector<std::uint32_t>;
  static constexpr std::size_t kColumnsMax = 480;

  /// `timeline` outlives it.
  explicit ChartColumns(const Timeline& timeline, std::size_t columns_max = kColumnsMax);

  std::size_t size() const { return columns_.size(); }
  /// The last column of the load; size() without any.
  std::size_t LastOfLoad() const;
  Json FromSeconds() const;
  Json ToSeconds() const;

  /// Counts of spans (by their place) as rates: "v", and where columns hold several points "lo" and
  /// "hi"; null when all are zero. A count in less than a second is shown as it is, for a moment
  /// is no flood.
  Json PerSecond(const std::function<std::uint64_t(std::size_t)>& count) const;
  Json Counters(const Indexes& indexes) const;
  /// The same for what flows: of columns too short to tell a rate, as the last may be, it has none.
  Json Flow(const Indexes& indexes) const;
  /// Means of what was sampled. The last column has none if it is too short for a sample of its
  /// own: by then the bots leave, and a CPU's share of a few ms means nothing.
  Json Gauges(const Indexes& indexes, double factor = 1) const;

  /// The worst of these series, merged: for each column its values in ms or null where it has none.
  struct Trends {
    std::array<Json, TrendPoint::kValues> values;
    Json lower_bound_from;  ///< by column: the first of values that is a lower bound; or null
    std::vector<TrendPoint> points;
  };
  Trends Merged(const Indexes& indexes) const;

 private:
  struct Column {
    std::size_t first = 0, last = 0;  ///< places of spans, both included
  };
  double SecondsOf(std::size_t span) const;
  double WidthOf(const Column& column) const;  ///< s
  bool IsMerged() const { return columns_.size() < timeline_.spans().size(); }

  const Timeline& timeline_;
  std::vector<Column> columns_;
};

/// Four significant digits: more cannot be seen, and pages stay small.
nlohmann::ordered_json ChartNumber(double value);

}  // namespace stressbot
