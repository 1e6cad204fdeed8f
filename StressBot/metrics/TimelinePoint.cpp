#include "StressBot/metrics/TimelinePoint.h"

#include <algorithm>
#include <bit>

namespace stressbot {

namespace {

constexpr int kHeatFirstBit = 10;  ///< values below 2^10 ns share a row

std::vector<HeatCell> MergeHeat(const std::vector<HeatCell>& a, const std::vector<HeatCell>& b) {
  std::vector<HeatCell> merged;
  merged.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->row() < right->row())) {
      merged.push_back(*left++);
    } else if (left == a.end() || right->row() < left->row()) {
      merged.push_back(*right++);
    } else {
      merged.push_back(*left++);
      merged.back().Add(right++->count());
    }
  }
  merged.shrink_to_fit();
  return merged;
}

}  // namespace

std::size_t HeatRowOf(std::int64_t value_ns) {
  constexpr std::int64_t kLargest = (std::int64_t{1} << Histogram::kValueBits) - 1;
  const auto value =
      static_cast<std::uint64_t>(std::clamp<std::int64_t>(value_ns, std::int64_t{0}, kLargest));
  const int bit = static_cast<int>(std::bit_width(value)) - 1;
  if (bit < kHeatFirstBit) return 0;
  return 1 + 2 * static_cast<std::size_t>(bit - kHeatFirstBit) +
         static_cast<std::size_t>(value >> (bit - 1) & 1U);
}

std::int64_t HeatLowestOf(std::size_t row) {
  if (row == 0) return 0;
  const int bit = kHeatFirstBit + static_cast<int>((row - 1) / 2);
  const std::int64_t power = std::int64_t{1} << bit;
  return row % 2 == 1 ? power : power + power / 2;
}

TrendPoint PointOf(const Histogram& trend) {
  TrendPoint point;
  point.count = trend.count();
  if (trend.empty()) return point;
  for (std::size_t i = TrendPoint::kValues; i-- > 0;) {
    const double percent = TrendPoint::kPercents[i];
    point.values_ns[i] = i == TrendPoint::kMax ? trend.max_ns() : trend.Percentile(percent);
    if (trend.IsLowerBound(percent)) point.lower_bound_from = static_cast<std::uint8_t>(i);
  }
  trend.ForEachBucket([&point](std::size_t bucket, std::uint64_t count) {
    const std::size_t row = HeatRowOf(Histogram::LowestOf(bucket));
    if (point.heat.empty() || point.heat.back().row() != row) {
      point.heat.emplace_back(row, count);
    } else {
      point.heat.back().Add(count);
    }
  });
  point.heat.shrink_to_fit();
  return point;
}

void MergePoint(std::uint64_t& a, std::uint32_t, const std::uint64_t& b, std::uint32_t) { a += b; }

void MergePoint(MetricsFrame::RateCount& a, std::uint32_t, const MetricsFrame::RateCount& b,
                std::uint32_t) {
  a.passed += b.passed;
  a.total += b.total;
}

void MergePoint(GaugePoint& a, std::uint32_t weight_a, const GaugePoint& b,
                std::uint32_t weight_b) {
  a.last = b.last;
  a.min = std::min(a.min, b.min);
  a.max = std::max(a.max, b.max);
  a.mean += (b.mean - a.mean) * weight_b / (static_cast<double>(weight_a) + weight_b);
}

void MergePoint(TrendPoint& a, std::uint32_t, const TrendPoint& b, std::uint32_t) {
  if (b.count == 0) return;
  a.count += b.count;
  for (std::size_t i = 0; i < TrendPoint::kValues; ++i) {
    a.values_ns[i] = std::max(a.values_ns[i], b.values_ns[i]);
  }
  a.lower_bound_from = std::min(a.lower_bound_from, b.lower_bound_from);
  a.heat = MergeHeat(a.heat, b.heat);
}

}  // namespace stressbot
