#include "StressBot/metrics/Timeline.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace stressbot {

namespace {

using Span = Timeline::Span;

template <typename Point>
void Append(Timeline::Column<Point>& column, std::size_t place, bool has_data,
            std::type_identity_t<Point> point) {
  if (column.empty()) {
    if (!has_data) return;
    column.first = place;
  }
  column.points.push_back(std::move(point));
}

/// Which spans are merged with the one before them, and what follows from it.
struct Merging {
  std::vector<bool> joins;           ///< by old place
  std::vector<std::size_t> places;   ///< new ones, by old place
  std::vector<std::uint32_t> parts;  ///< intervals of each, by old place
};

template <typename Point>
void Merge(Timeline::Column<Point>& column, const Merging& merging) {
  if (column.empty()) return;
  // A group begins with its first span, though the data began in its middle.
  for (; merging.joins[column.first]; --column.first) {
    column.points.insert(column.points.begin(), Point{});
  }
  std::vector<Point> merged;
  std::uint32_t parts = 0;
  for (std::size_t i = 0; i < column.points.size(); ++i) {
    const std::size_t span = column.first + i;
    if (merging.joins[span]) {
      MergePoint(merged.back(), parts, column.points[i], merging.parts[span]);
      parts += merging.parts[span];
    } else {
      merged.push_back(std::move(column.points[i]));
      parts = merging.parts[span];
    }
  }
  column.first = merging.places[column.first];
  column.points = std::move(merged);
}

void MergeSpan(Span& a, const Span& b) {
  const double share = static_cast<double>(b.intervals) / (a.intervals + b.intervals);
  a.mean_to += std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>((b.mean_to - a.mean_to).count()) * share));
  a.to = b.to;
  a.intervals += b.intervals;
}

}  // namespace

Timeline::Timeline(const MetricsCatalog& catalog, std::size_t points_max, std::size_t fine_points)
    : points_max_(points_max),
      fine_points_(fine_points),
      trends_(catalog.trends().size()),
      counters_(catalog.counters().size()),
      rates_(catalog.rates().size()),
      gauges_(catalog.gauges().size()) {}

void Timeline::Add(const MetricsInterval& interval) {
  if (spans_.size() >= points_max_) Thin();
  const std::size_t place = spans_.size();
  const MetricsFrame& frame = interval.frame;
  spans_.push_back({interval.from, interval.to, interval.to, interval.phase, 1});
  for (std::uint32_t i = 0; i < trends_.size(); ++i) {
    const Histogram& trend = frame.trend(TrendId{i});
    Append(trends_[i], place, !trend.empty(), PointOf(trend));
  }
  for (std::uint32_t i = 0; i < counters_.size(); ++i) {
    const std::uint64_t count = frame.counter(CounterId{i});
    Append(counters_[i], place, count > 0, count);
  }
  for (std::uint32_t i = 0; i < rates_.size(); ++i) {
    const MetricsFrame::RateCount rate = frame.rate(RateId{i});
    Append(rates_[i], place, rate.total > 0, rate);
  }
  for (std::uint32_t i = 0; i < gauges_.size(); ++i) {
    const double value = frame.gauge(GaugeId{i});
    const bool has_data = value < 0 || value > 0;
    Append(gauges_[i], place, has_data, GaugePoint{value, value, value, value});
  }
}

void Timeline::Thin() {
  MergeOnGrid();
  while (spans_.size() > points_max_ / 4 * 3) {
    grid_ *= 2;
    MergeOnGrid();
  }
}

void Timeline::MergeOnGrid() {
  Merging merging;
  std::vector<Span> merged;
  const std::size_t old = spans_.size() - std::min(spans_.size(), fine_points_);
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const Span& span = spans_[i];
    const bool joins = i > 0 && i < old && span.phase == merged.back().phase &&
                       span.from / grid_ == merged.back().from / grid_;
    merging.joins.push_back(joins);
    merging.parts.push_back(span.intervals);
    if (joins) {
      MergeSpan(merged.back(), span);
    } else {
      merged.push_back(span);
    }
    merging.places.push_back(merged.size() - 1);
  }
  if (merged.size() == spans_.size()) return;
  spans_ = std::move(merged);
  for (Trends& column : trends_) Merge(column, merging);
  for (Counters& column : counters_) Merge(column, merging);
  for (Rates& column : rates_) Merge(column, merging);
  for (Gauges& column : gauges_) Merge(column, merging);
}

}  // namespace stressbot
