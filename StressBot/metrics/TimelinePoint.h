#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "StressBot/metrics/Histogram.h"
#include "StressBot/metrics/MetricsFrame.h"

/// What a Timeline keeps of one series in one point, and how two neighbours become one.
namespace stressbot {

/// Rows of heat maps (time x latency): below 1,024 ns, then two for each power of two. Each edge is
/// an edge of the histogram's buckets, so a row's count is exact.
inline constexpr std::size_t kHeatRows = 65;
std::size_t HeatRowOf(std::int64_t value_ns);
std::int64_t HeatLowestOf(std::size_t row);  ///< ns

/// How many values of one point fell into one row. Eight bytes: there are many.
class HeatCell {
 public:
  HeatCell(std::size_t row, std::uint64_t count) : packed_(count << kRowBits | row) {}
  std::size_t row() const { return packed_ & ((1U << kRowBits) - 1); }
  std::uint64_t count() const { return packed_ >> kRowBits; }
  void Add(std::uint64_t count) { packed_ += count << kRowBits; }

 private:
  static constexpr int kRowBits = 8;
  std::uint64_t packed_;
};

/// A trend's values of one stretch.
struct TrendPoint {
  enum Value : std::uint8_t { kP50, kP95, kP99, kP999, kMax };
  static constexpr std::size_t kValues = 5;
  static constexpr std::array<double, kValues> kPercents{50, 95, 99, 99.9, 100};

  std::uint64_t count = 0;
  std::array<std::int64_t, kValues> values_ns{};  ///< by Value; 0 when count is
  /// This value and those behind it touch time-outs: the true ones are at least as large. kValues:
  /// none does.
  std::uint8_t lower_bound_from = kValues;
  std::vector<HeatCell> heat;  ///< by row, only rows that have some
};
TrendPoint PointOf(const Histogram& trend);

/// A gauge at the ends of the intervals of one stretch.
struct GaugePoint {
  double last = 0, min = 0, max = 0, mean = 0;
};

/// `a` takes in `b`, which follows it; the weights say of how many intervals each is made.
/// Counts add up.
void MergePoint(std::uint64_t& a, std::uint32_t weight_a, const std::uint64_t& b,
                std::uint32_t weight_b);
void MergePoint(MetricsFrame::RateCount& a, std::uint32_t weight_a,
                const MetricsFrame::RateCount& b, std::uint32_t weight_b);
/// The last value, the least, the greatest, and the mean of all intervals.
void MergePoint(GaugePoint& a, std::uint32_t weight_a, const GaugePoint& b, std::uint32_t weight_b);
/// Counts and rows of the heat map add up. The percentiles are the worse ones of both, since true
/// ones cannot be had of percentiles: a merged point says how bad it was at its worst.
void MergePoint(TrendPoint& a, std::uint32_t weight_a, const TrendPoint& b, std::uint32_t weight_b);

}  // namespace stressbot
