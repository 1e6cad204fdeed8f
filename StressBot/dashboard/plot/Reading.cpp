#include "StressBot/dashboard/plot/Reading.h"

#include <algorithm>
#include <cmath>

#include "StressBot/dashboard/plot/Envelope.h"
#include "StressBot/dashboard/plot/Ticks.h"

namespace stressbot::plot {

std::optional<std::size_t> NearestPoint(const Points& points, double at_s) {
  if (points.empty()) return {};
  const auto begin = points.from_s.begin();
  const auto after = std::upper_bound(begin, points.from_s.end(), at_s);
  if (after == begin) return 0;
  const auto before = static_cast<std::size_t>(after - begin) - 1;
  const bool is_last = before + 1 == points.size();
  if (is_last || at_s < points.to_s[before]) return before;
  // In a gap.
  return at_s - points.to_s[before] <= points.from_s[before + 1] - at_s ? before : before + 1;
}

std::optional<PointSpan> PointsAt(const Points& points, double at_s, double width_s) {
  const auto [first, last] = PointsIn(points, at_s - width_s / 2, at_s + width_s / 2);
  if (first < last) return PointSpan{first, last - 1};
  const std::optional<std::size_t> nearest = NearestPoint(points, at_s);
  if (!nearest) return {};
  return PointSpan{*nearest, *nearest};
}

Reading Read(const Line& line, PointSpan span) {
  Reading reading;
  double sum = 0;
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  std::size_t values = 0;
  bool has_extremes = false;
  for (std::size_t i = span.first; i <= span.last && i < line.values.size(); ++i) {
    const double value = line.values[i];
    if (!std::isfinite(value)) continue;
    const bool has_low = i < line.low.size() && std::isfinite(line.low[i]);
    const bool has_high = i < line.high.size() && std::isfinite(line.high[i]);
    sum += value;
    low = std::min({low, value, has_low ? line.low[i] : value});
    high = std::max({high, value, has_high ? line.high[i] : value});
    has_extremes = has_extremes || has_low || has_high;
    reading.at_least = reading.at_least || (i < line.at_least.size() && line.at_least[i]);
    ++values;
  }
  if (values == 0) return reading;
  reading.value = sum / static_cast<double>(values);
  if (!has_extremes && values == 1) return reading;
  reading.low = low;
  reading.high = high;
  return reading;
}

std::string ValueTextOf(const Reading& reading, Unit unit) {
  if (!std::isfinite(reading.value)) return "-";
  return (reading.at_least ? "\u2265 " : "") + ValueText(unit, reading.value);
}

std::string ExtremesTextOf(const Reading& reading, Unit unit) {
  if (!std::isfinite(reading.low) || !std::isfinite(reading.high)) return {};
  const std::string low = ValueText(unit, reading.low);
  const std::string high = ValueText(unit, reading.high);
  return low == high ? std::string() : low + " - " + high;
}

std::vector<HeatBin> HeatBins(const Points& points, const Heat& heat, double from_s, double to_s,
                              double bin_s) {
  std::vector<HeatBin> bins;
  if (!(bin_s > 0) || heat.edges_ns.size() < 2) return bins;
  auto [first, last] =
      PointsIn(points, std::floor(from_s / bin_s) * bin_s, (std::floor(to_s / bin_s) + 1) * bin_s);
  if (first > 0) --first;  // a long point may reach into the picture
  last = std::min({last + 1, points.size(), heat.columns.size()});
  const std::size_t rows = heat.edges_ns.size() - 1;
  std::vector<std::uint64_t> counts(rows);
  const auto finish = [&] {
    if (bins.empty()) return;
    for (std::size_t row = 0; row < rows; ++row) {
      if (counts[row] > 0)
        bins.back().cells.push_back({static_cast<std::uint32_t>(row), counts[row]});
    }
    std::fill(counts.begin(), counts.end(), 0);
  };
  double bin = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double place = std::floor(points.MiddleOf(i) / bin_s);
    if (bins.empty() || place > bin) {
      finish();
      bins.push_back({points.from_s[i], points.to_s[i], {}});
    }
    bin = place;
    bins.back().to_s = points.to_s[i];
    for (const Heat::Cell& cell : heat.columns[i]) {
      if (cell.row < rows) counts[cell.row] += cell.count;
    }
  }
  finish();
  return bins;
}

int ShadeOf(std::uint64_t count, std::uint64_t most) {
  if (most <= 1 || count >= most) return kHeatShades - 1;
  if (count == 0) return 0;
  const double share = std::log(static_cast<double>(count)) / std::log(static_cast<double>(most));
  return std::min(kHeatShades - 1, static_cast<int>(kHeatShades * share));
}

}  // namespace stressbot::plot
